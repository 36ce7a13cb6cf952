import type { DiscoveryEvent } from "@mosaik/discovery";
import { isInvite } from "@mosaik/transport";
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

/** Joins the network of an invite or an address, and prints who is there. */
export function joinNetwork(
  host: Host,
  where: string | undefined,
  options: JoinOptions & { readonly once?: true | undefined },
): Promise<void> {
  if (where === undefined) return watchPeers(host, options);
  const isWhole = isInvite(where) && options.network === undefined;
  const seed = isWhole ? options.seed : [where, ...(options.seed ?? [])];
  return watchPeers(host, {
    ...options,
    ...(isWhole ? { network: where } : {}),
    ...(seed === undefined ? {} : { seed }),
  });
}

/** Prints who comes, changes and goes, one line each, until the user ends it. */
export async function watchPeers(
  host: Host,
  options: JoinOptions & { readonly once?: true | undefined },
): Promise<void> {
  const printer = new Printer(host, options, "ndjson");
  await observe(host, options, async ({ node, signal }) => {
    const print = (event: DiscoveryEvent): void => {
      const facts = factsOf(event);
      const style = styles[event.kind];
      const what = { text: event.kind.padEnd(10), ...(style === undefined ? {} : { style }) };
      printer.item(facts, () => [what, { text: `  ${lineOf(event)}` }]);
    };
    const events = node.discovery.events({ signal });
    const known = [...node.discovery.catalog.value.peers.values()];
    for (const entry of known.sort((a, b) => (a.peer < b.peer ? -1 : 1))) {
      print({ kind: "discovered", entry });
    }
    if (options.once) return;
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
