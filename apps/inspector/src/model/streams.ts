import { type ConsumedStream, type ProducedStream, StreamsSection } from "@mosaik/streams";
import { earlierOf, type Peer, type Snapshot, sectionOf } from "./snapshot.ts";

/** A producer's side of a subscription, and how fast it is. */
export interface Subscription {
  readonly producer: string;
  readonly consumer: string;
  readonly items: number;
  readonly bytes: number;
  /** Items that the producer dropped for this consumer. */
  readonly dropped: number;
  readonly waitingItems: number;
  /** What may wait, where the producer limits it. */
  readonly waitingMax: number;
  readonly uptimeMs: number;
  /** Absent while it cannot be told yet. */
  readonly itemsPerSecond: number | undefined;
  readonly bytesPerSecond: number | undefined;
  readonly droppedPerSecond: number | undefined;
}

/** Why a consumer has no subscription to a producer. */
export interface Refusal {
  readonly producer: string;
  readonly consumer: string;
  readonly reason: string;
  /** Who says so. */
  readonly by: "producer" | "consumer";
}

/** A stream of the network, as those that let us look say. */
export interface Stream {
  readonly id: string;
  readonly name: string;
  readonly codec: string;
  readonly producers: ReadonlyMap<string, ProducedStream>;
  readonly consumers: ReadonlyMap<string, ConsumedStream>;
  readonly subscriptions: readonly Subscription[];
  readonly refusals: readonly Refusal[];
}

type Draft = {
  id: string;
  name: string;
  codec: string;
  producers: Map<string, ProducedStream>;
  consumers: Map<string, ConsumedStream>;
  subscriptions: Subscription[];
  refusals: Refusal[];
};

/** The streams of the network, by name. */
export function streamsOf(snapshot: Snapshot): Stream[] {
  const found = new Map<string, Draft>();
  const draft = (told: ProducedStream | ConsumedStream): Draft => {
    const known = found.get(told.stream);
    if (known !== undefined) return known;
    const { stream: id, name, codec } = told;
    const maps = { producers: new Map(), consumers: new Map(), subscriptions: [], refusals: [] };
    const fresh: Draft = { id, name, codec, ...maps };
    found.set(id, fresh);
    return fresh;
  };
  for (const peer of snapshot.peers.values()) {
    const told = sectionOf(peer, StreamsSection);
    if (told === undefined) continue;
    for (const produced of Object.values(told.produced))
      addProduced(draft(produced), peer, produced);
    for (const consumed of Object.values(told.consumed))
      addConsumed(draft(consumed), peer, consumed);
  }
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

function addProduced(stream: Draft, peer: Peer, produced: ProducedStream): void {
  stream.producers.set(peer.id, produced);
  const earlier = earlierOf(peer, StreamsSection);
  const before = Object.values(earlier?.value.produced ?? {}).find(
    ({ stream: id, incarnation }) => id === produced.stream && incarnation === produced.incarnation,
  );
  for (const [consumer, figures] of Object.entries(produced.consumers)) {
    const was = before?.consumers[consumer];
    const rate = (now: number, then: number | undefined): number | undefined =>
      earlier === undefined || then === undefined || now < then
        ? undefined
        : ((now - then) / earlier.elapsedMs) * 1_000;
    stream.subscriptions.push({
      producer: peer.id,
      consumer,
      ...figures,
      waitingMax: produced.lag.itemsMax,
      itemsPerSecond: rate(figures.items, was?.items),
      bytesPerSecond: rate(figures.bytes, was?.bytes),
      droppedPerSecond: rate(figures.dropped, was?.dropped),
    });
  }
  for (const [consumer, { reason }] of Object.entries(produced.refused)) {
    stream.refusals.push({ producer: peer.id, consumer, reason, by: "producer" });
  }
}

function addConsumed(stream: Draft, peer: Peer, consumed: ConsumedStream): void {
  stream.consumers.set(peer.id, consumed);
  for (const [producer, reason] of Object.entries(consumed.refusals)) {
    stream.refusals.push({ producer, consumer: peer.id, reason, by: "consumer" });
  }
}

/** Of some rates, the sum of those that are known. */
export function sumOf(rates: readonly (number | undefined)[]): number | undefined {
  const known = rates.filter((rate) => rate !== undefined);
  return known.length === 0 ? undefined : known.reduce((sum, rate) => sum + rate, 0);
}
