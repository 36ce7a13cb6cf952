import type { PeerId } from "@mosaik/primitives";
import { type ConsumedStream, type ProducedStream, StreamsSection } from "@mosaik/streams";
import type { Host } from "../host.ts";
import type { Joined, Observer } from "../network/join.ts";
import { lookInto, readKeyOf } from "../network/look.ts";
import type { InspectOptions } from "../settings/common-options.ts";

/** What the nodes that let us look say of their streams. */
export interface StreamFacts {
  readonly produced: readonly (ProducedStream & { readonly by: PeerId; readonly at: number })[];
  readonly consumed: readonly (ConsumedStream & { readonly by: PeerId })[];
  /** Nodes that did not let us look. */
  readonly silent: number;
}

/** Asks all nodes for their streams. */
export async function streamFacts(
  host: Host,
  options: InspectOptions,
  { node, deadline }: Joined<Observer>,
): Promise<StreamFacts> {
  const peers = node.discovery.catalog.value.peers.keys();
  const init = { key: await readKeyOf(host, options), signal: deadline };
  const looks = await lookInto(node, peers, init, async (inspection) => {
    if (!inspection.sections.has(StreamsSection.name)) return { produced: {}, consumed: {}, at: 0 };
    return { ...(await inspection.read(StreamsSection, init)), at: performance.now() };
  });
  const told = [...looks].flatMap(([by, look]) => (look.ok ? [{ by, ...look.value }] : []));
  return {
    produced: told.flatMap(({ by, at, produced }) =>
      Object.values(produced).map((one) => ({ ...one, by, at })),
    ),
    consumed: told.flatMap(({ by, consumed }) =>
      Object.values(consumed).map((one) => ({ ...one, by })),
    ),
    silent: looks.size - told.length,
  };
}

/** A stream of the network. */
export interface StreamRow {
  readonly [name: string]: unknown;
  readonly name: string;
  readonly stream: string;
  readonly codec: string;
  readonly version: number;
  readonly producers: number;
  readonly consumers: number;
  /** Of all producers, between two looks. */
  readonly itemsPerSecond: number;
  /** Of all subscriptions that there were at both looks. */
  readonly bytesPerSecond: number;
  /** Items dropped by the lag policy, of the subscriptions there are. */
  readonly dropped: number;
  /** The most that waits for one consumer. */
  readonly waitingItems: number;
}

/** The streams of two looks, in the order of their names. */
export function streamRows(before: StreamFacts, now: StreamFacts): StreamRow[] {
  const streams = new Map<string, StreamRow>();
  for (const { stream, name, codec, version } of [...now.produced, ...now.consumed]) {
    if (streams.has(stream)) continue;
    const produced = now.produced.filter((one) => one.stream === stream);
    const subscriptions = produced.flatMap(({ consumers }) => Object.values(consumers));
    streams.set(stream, {
      ...{ name, stream, codec, version },
      producers: produced.length,
      consumers: now.consumed.filter((one) => one.stream === stream).length,
      itemsPerSecond: produced.reduce((sum, one) => sum + rateOf(before, one), 0),
      bytesPerSecond: produced.reduce((sum, one) => sum + bytesRateOf(before, one), 0),
      dropped: subscriptions.reduce((sum, { dropped }) => sum + dropped, 0),
      waitingItems: Math.max(0, ...subscriptions.map(({ waitingItems }) => waitingItems)),
    });
  }
  return [...streams.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

type Produced = StreamFacts["produced"][number];

function rateOf(before: StreamFacts, now: Produced): number {
  const then = earlier(before, now);
  return then === undefined ? 0 : perSecond(now.sequence - then.sequence, then, now);
}

function bytesRateOf(before: StreamFacts, now: Produced): number {
  const then = earlier(before, now);
  if (then === undefined) return 0;
  const sent = Object.entries(now.consumers).map(([consumer, { bytes }]) => {
    return Math.max(0, bytes - (then.consumers[consumer]?.bytes ?? bytes));
  });
  return perSecond(
    sent.reduce((sum, one) => sum + one, 0),
    then,
    now,
  );
}

/** The same producer at the look before. */
function earlier({ produced }: StreamFacts, now: Produced): Produced | undefined {
  const then = produced.find(({ by, stream }) => by === now.by && stream === now.stream);
  return then?.incarnation === now.incarnation && now.at > then.at ? then : undefined;
}

function perSecond(count: number, then: Produced, now: Produced): number {
  return Math.round((count * 1_000) / (now.at - then.at));
}
