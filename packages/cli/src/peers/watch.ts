import type { DiscoveryEvent } from "@mosaik/discovery";
import type { Host } from "../host.ts";
import { observe } from "../network/join.ts";
import { short } from "../output/figures.ts";
import { type Facts, Printer } from "../output/printer.ts";
import type { JoinOptions } from "../settings/common-options.ts";
import type { Style } from "../terminal/text.ts";

const styles: Readonly<Record<string, Style>> = {
  discovered: "green",
  updated: "dim",
  departed: "red",
  lagged: "yellow",
};

/** Prints who comes, changes and goes, one line each, until the user ends it. */
export async function watchPeers(host: Host, options: JoinOptions): Promise<void> {
  const printer = new Printer(host, options, "ndjson");
  await observe(host, options, async ({ node, signal }) => {
    const print = (event: DiscoveryEvent): void => {
      const facts = factsOf(event);
      const style = styles[event.kind];
      const what = { text: event.kind.padEnd(10), ...(style === undefined ? {} : { style }) };
      printer.item(facts, () => [what, { text: `  ${lineOf(event)}` }]);
    };
    const events = node.discovery.events({ signal });
    for (const entry of node.discovery.catalog.value.peers.values()) {
      print({ kind: "discovered", entry });
    }
    for await (const event of events) print(event);
    signal.throwIfAborted();
  });
}

function factsOf(event: DiscoveryEvent): Facts {
  const at = Date.now();
  if (event.kind === "lagged") return { at, event: event.kind, missed: event.missed };
  const { peer, tags, addresses } = event.entry;
  const reason = event.kind === "departed" ? { reason: event.reason } : {};
  return { at, event: event.kind, peer, tags: [...tags].sort(), addresses, ...reason };
}

function lineOf(event: DiscoveryEvent): string {
  if (event.kind === "lagged") return `${event.missed} events were missed`;
  const { peer, tags } = event.entry;
  const reason = event.kind === "departed" ? `: ${event.reason}` : "";
  return `${short(peer)} ${[...tags].sort().join(" ")}${reason}`;
}
