import { NodeSection } from "@mosaik/transport";
import type { Host } from "../host.ts";
import { observe } from "../network/join.ts";
import { peerOf, readKeyOf } from "../network/look.ts";
import { duration, short } from "../output/figures.ts";
import { Printer } from "../output/printer.ts";
import { pause } from "../output/repeat.ts";
import type { InspectOptions } from "../settings/common-options.ts";

const intervalMs = 200;

/** Asks a peer something small a few times, and prints how long the answers take. */
export async function pingPeer(
  host: Host,
  digits: string,
  options: InspectOptions & { readonly count?: number | undefined },
): Promise<void> {
  const printer = new Printer(host, options);
  await observe(host, options, async ({ node, deadline }) => {
    const peer = peerOf(node, digits);
    const key = await readKeyOf(host, options);
    await using inspection = await node.diagnostics.inspect(peer, {
      signal: deadline,
      ...(key === undefined ? {} : { key }),
    });
    const times: number[] = [];
    for (let count = options.count ?? 5; count > 0; count--) {
      const from = performance.now();
      await inspection.read(NodeSection, { signal: deadline });
      times.push(performance.now() - from);
      if (count > 1) await pause(intervalMs, deadline);
    }
    const address = node.connections.value.get(peer)?.address ?? "";
    const facts = { peer, address, count: times.length, ...spread(times) };
    const { minMs, meanMs, maxMs } = facts;
    const figures = `${duration(minMs)} / ${duration(meanMs)} / ${duration(maxMs)}`;
    printer.one(facts, () => [
      [{ text: `${short(peer)} at ${address}: ${times.length} answers` }],
      [{ text: `least / mean / most: ${figures}` }],
    ]);
  });
}

function spread(times: readonly number[]) {
  const meanMs = times.reduce((sum, each) => sum + each, 0) / times.length;
  return { minMs: Math.min(...times), meanMs, maxMs: Math.max(...times) };
}
