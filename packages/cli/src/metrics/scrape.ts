import { escapeUnprintable } from "@mosaik/primitives";
import { MetricsSection } from "@mosaik/transport";
import { CliError } from "../errors.ts";
import type { Host } from "../host.ts";
import { observe } from "../network/join.ts";
import { lookInto, peerOf, readKeyOf } from "../network/look.ts";
import { Printer, say } from "../output/printer.ts";
import type { InspectOptions } from "../settings/common-options.ts";
import { exposition, type Measured } from "./exposition.ts";

/** Prints what the nodes of the network measure, in the text format of Prometheus. */
export async function scrape(
  host: Host,
  peer: string | undefined,
  options: InspectOptions,
): Promise<void> {
  const printer = new Printer(host, options, "value");
  await observe(host, options, async ({ node, deadline }) => {
    const peers =
      peer === undefined ? [...node.discovery.catalog.value.peers.keys()] : [peerOf(node, peer)];
    const init = { key: await readKeyOf(host, options), signal: deadline };
    const looks = await lookInto(node, peers.sort(), init, (inspection) =>
      inspection.read(MetricsSection, { signal: deadline }),
    );
    const nodes = peers.flatMap((one) => {
      const look = looks.get(one);
      return look?.ok === true ? [{ peer: one, metrics: look.value }] : [];
    });
    if (nodes.length === 0) throw refused(looks.values());
    const silent = peers.length - nodes.length;
    if (silent > 0) say(host, options, `${silent} of ${peers.length} nodes do not let us look`);
    if (printer.format === "json" || printer.format === "ndjson") {
      printer.one({ nodes }, () => []);
    } else host.output.write(escapeUnprintable(textOf(nodes)));
  });
}

function textOf(nodes: readonly { readonly peer: string; readonly metrics: Measured }[]): string {
  return exposition(nodes.map(({ peer, metrics }) => ({ labels: { peer }, measured: metrics })));
}

function refused(looks: Iterable<{ readonly ok: boolean; readonly error?: unknown }>): unknown {
  const [first] = looks;
  return first?.error ?? new CliError("CLI_NOT_FOUND", "there is no other node");
}
