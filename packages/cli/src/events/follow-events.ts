import { MosaikError, type PeerId } from "@mosaik/primitives";
import type { DiagnosticEvent, MissedEvents } from "@mosaik/transport";
import type { Host } from "../host.ts";
import { type Observer, observe } from "../network/join.ts";
import { readKeyOf } from "../network/look.ts";
import { short } from "../output/figures.ts";
import { Printer, say } from "../output/printer.ts";
import { whenAborted } from "../output/repeat.ts";
import type { InspectOptions } from "../settings/common-options.ts";
import type { Line } from "../terminal/text.ts";

/** What `events` is told. */
export type EventsOptions = InspectOptions & {
  readonly kind?: readonly string[] | undefined;
  readonly old?: true | undefined;
};

/** Prints what happens at all nodes that let us look, until the user ends it. */
export async function followEvents(host: Host, options: EventsOptions): Promise<void> {
  const printer = new Printer(host, options, "ndjson");
  await observe(host, options, async ({ node, signal }) => {
    const key = await readKeyOf(host, options);
    const following = new Set<PeerId>();
    const follow = (peer: PeerId): void => {
      if (following.has(peer)) return;
      following.add(peer);
      tell(node, peer, { key, signal, old: options.old === true }, (event) => {
        if (isWanted(event, options.kind ?? [])) print(printer, peer, event);
      })
        .catch((error: unknown) => {
          if (signal.aborted) return;
          const reason = error instanceof MosaikError ? error.code : String(error);
          say(host, options, `${short(peer)} does not tell: ${reason}`);
        })
        .finally(() => following.delete(peer));
    };
    const { catalog } = node.discovery;
    for (const peer of catalog.value.peers.keys()) follow(peer);
    const newcomers = catalog.subscribe(({ peers }) => {
      for (const peer of peers.keys()) follow(peer);
    });
    await whenAborted(signal).finally(() => newcomers[Symbol.dispose]());
  });
}

interface Telling {
  readonly key: string | undefined;
  readonly signal: AbortSignal;
  readonly old: boolean;
}

async function tell(
  node: Observer,
  peer: PeerId,
  { key, signal, old }: Telling,
  each: (event: DiagnosticEvent | MissedEvents) => void,
): Promise<void> {
  const options = { signal, ...(key === undefined ? {} : { key }) };
  await using inspection = await node.diagnostics.inspect(peer, options);
  const after = old ? 0 : Number.MAX_SAFE_INTEGER; // no event has that number yet: only those to come
  for await (const event of inspection.events({ after, signal })) each(event);
}

function isWanted(event: DiagnosticEvent | MissedEvents, kinds: readonly string[]): boolean {
  return (
    event.kind === "missed" ||
    kinds.length === 0 ||
    kinds.some((kind) => event.name.startsWith(kind))
  );
}

function print(printer: Printer, peer: PeerId, event: DiagnosticEvent | MissedEvents): void {
  if (event.kind === "missed") {
    const line = (): Line => [
      { text: `${event.count} events of ${short(peer)} were missed`, style: "yellow" },
    ];
    return printer.item({ event: "missed", peer, count: event.count }, line);
  }
  const { at, name, facts } = event;
  printer.item({ event: name, peer, at, facts }, () => [
    { text: `${new Date(at).toISOString().slice(11, 23)} `, style: "dim" },
    { text: `${short(peer)} `, style: "cyan" },
    { text: name, style: "bold" },
    {
      text: Object.entries(facts)
        .map(([key, fact]) => ` ${key}=${fact}`)
        .join(""),
    },
  ]);
}
