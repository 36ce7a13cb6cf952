import type { Plain } from "@mosaik/transport";
import type { Fact, Happened } from "./fact.ts";
import { learn, nothing, type Snapshot } from "./snapshot.ts";

/** What is remembered, at most. */
export const recordingLimits = {
  /** Events, and how old they may be: ms. */
  eventsMax: 10_000,
  eventAgeMaxMs: 15 * 60_000,
  /** Other facts: how many, and what they weigh together, bytes (estimated). */
  factsMax: 60_000,
  factBytesMax: 64 * 1024 * 1024,
  /** A snapshot is kept after so many facts: going to a moment replays no more than that. */
  keyframeEvery: 500,
} as const;

type Limits = Readonly<Record<keyof typeof recordingLimits, number>>;

interface Keyframe {
  /** How many of the facts it stands on, those that were dropped included. */
  readonly count: number;
  readonly snapshot: Snapshot;
}

/**
 * What the inspector learned, newest last, within limits: the oldest is folded into the snapshot that
 * all begins with. Gives the network as it was at any moment since.
 */
export class Recording {
  readonly #limits: Limits;
  #facts: Fact[] = [];
  #weights: number[] = [];
  #dropped = 0;
  #bytes = 0;
  #events: Happened[] = [];
  #frames: Keyframe[] = [{ count: 0, snapshot: nothing }];
  #now: Snapshot = nothing;
  /** The moment that was asked for last: the next one is mostly soon after it. */
  #asked: Keyframe = { count: 0, snapshot: nothing };

  constructor(limits: Partial<Limits> = {}) {
    this.#limits = { ...recordingLimits, ...limits };
  }

  /** The network now. */
  get now(): Snapshot {
    return this.#now;
  }

  /** The events, oldest first. The array is never changed. */
  get events(): readonly Happened[] {
    return this.#events;
  }

  /** From when to when it can be asked. */
  get span(): { readonly from: number; readonly to: number } {
    const [first] = this.#facts;
    return { from: first?.at ?? this.#now.at, to: this.#now.at };
  }

  /** What the facts weigh together, bytes (estimated). */
  get bytes(): number {
    return this.#bytes;
  }

  /** Learns facts, in the order of their time. */
  add(facts: readonly Fact[]): void {
    const happened = facts.filter((fact) => fact.kind === "event");
    const states = facts.filter((fact) => fact.kind !== "event");
    for (let from = 0; from < states.length; from += this.#limits.keyframeEvery) {
      this.#addStates(states.slice(from, from + this.#limits.keyframeEvery));
    }
    const last = facts.at(-1)?.at ?? 0;
    if (last > this.#now.at) this.#now = { ...this.#now, at: last };
    if (happened.length > 0) this.#addEvents(happened);
    this.#forget();
  }

  /** The network at a moment: of the span, or the nearest to it. */
  at(moment: number): Snapshot {
    const end = this.#dropped + upTo(this.#facts, moment);
    const frame = this.#frames.findLast(({ count }) => count <= end) ?? this.#frames[0];
    if (frame === undefined) return nothing;
    const asked = this.#asked;
    const near = asked.count > frame.count && asked.count <= end ? asked : frame;
    const facts = this.#facts.slice(near.count - this.#dropped, end - this.#dropped);
    const snapshot = learn(near.snapshot, facts);
    this.#asked = { count: end, snapshot };
    return { ...snapshot, at: Math.max(moment, this.span.from) };
  }

  /** The events up to a moment, oldest first. */
  eventsUntil(moment: number): readonly Happened[] {
    return this.#events.slice(0, upTo(this.#events, moment));
  }

  /** All that it takes to make this recording again: what it began with, then every fact. */
  *facts(): Generator<Fact> {
    const { from } = this.span;
    yield* factsOf(this.#frames[0]?.snapshot ?? nothing, from);
    const all = [...this.#facts, ...this.#events];
    yield* all.sort((a, b) => a.at - b.at);
  }

  #addStates(states: readonly Fact[]): void {
    this.#now = learn(this.#now, states);
    for (const fact of states) {
      const weight = weigh(fact);
      this.#facts.push(fact);
      this.#weights.push(weight);
      this.#bytes += weight;
    }
    const count = this.#dropped + this.#facts.length;
    const last = this.#frames.at(-1)?.count ?? 0;
    if (count - last >= this.#limits.keyframeEvery) {
      this.#frames.push({ count, snapshot: this.#now });
    }
  }

  #addEvents(happened: readonly Happened[]): void {
    const { eventsMax, eventAgeMaxMs } = this.#limits;
    // What a node tells when it is first looked into lies before what others told already.
    const all = [...this.#events, ...happened].sort((a, b) => a.at - b.at);
    const young = upTo(all, this.#now.at - eventAgeMaxMs);
    this.#events = all.slice(Math.max(young, all.length - eventsMax));
  }

  /** Drops whole stretches between keyframes, the oldest first. */
  #forget(): void {
    const { factsMax, factBytesMax } = this.#limits;
    let second = this.#frames[1];
    while (second && (this.#facts.length > factsMax || this.#bytes > factBytesMax)) {
      const gone = second.count - this.#dropped;
      this.#facts = this.#facts.slice(gone);
      for (const weight of this.#weights.splice(0, gone)) this.#bytes -= weight;
      this.#dropped = second.count;
      this.#frames.shift();
      second = this.#frames[1];
    }
  }
}

/** How many of some facts, in the order of their time, are not after a moment. */
function upTo(facts: readonly { readonly at: number }[], moment: number): number {
  let low = 0;
  let high = facts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((facts[middle]?.at ?? 0) <= moment) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Facts that make a snapshot. */
function* factsOf(snapshot: Snapshot, at: number): Generator<Fact> {
  const { network, me, connections } = snapshot;
  if (network === "") return;
  yield { at, kind: "began", network, me };
  yield { at, kind: "reach", connections };
  for (const { id: peer, entry, access, sections } of snapshot.peers.values()) {
    if (entry) yield { at, kind: "entry", peer, entry };
    if (access) yield { at, kind: "access", peer, access };
    for (const [name, { value }] of sections) {
      yield { at, kind: "section", peer, name, delta: { to: value } };
    }
  }
}

/** About how many bytes a value takes in memory. */
function weigh(value: Plain | Fact): number {
  if (typeof value === "string") return 16 + 2 * value.length;
  if (value instanceof Uint8Array) return 64 + value.byteLength;
  if (typeof value !== "object" || value === null) return 8;
  let sum = 32;
  for (const part of Object.values(value)) sum += 8 + weigh(part as Plain); // facts are plain
  return sum;
}
