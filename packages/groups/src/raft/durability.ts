import { invariant } from "@mosaik/primitives";
import type { Outgoing, Persist } from "./effects.ts";
import type { HardState, SnapshotMeta } from "./entry.ts";
import type { Log } from "./log.ts";

interface InFlight {
  readonly sequence: number;
  readonly generation: number;
  /** When it was handed out. */
  readonly sinceMs: number;
  lastIndex: number;
}

interface Held {
  readonly generation: number;
  readonly outgoing: Outgoing;
}

/**
 * Decides what is written when, and what may be said only afterwards (R4).
 *
 * 1. One batch is on its way at a time; what changes meanwhile is one next batch (group commit).
 * 2. Every change has a generation; a message waits until its generation is durable.
 * 3. `durableIndex` is the last position durable with its present content.
 */
export class Durability {
  readonly #log: Log;
  #generation = 0;
  #hardGeneration = 0;
  #durable = 0;
  #sequence = 0;
  #unsavedFrom: number;
  #truncateFrom: number | undefined;
  #snapshot: SnapshotMeta | undefined;
  #compactTo: number | undefined;
  #lazy = false;
  #inFlight: InFlight | undefined;
  #held: Held[] = [];
  #durableIndex: number;

  /** Starts with a log that is durable as it is. */
  constructor(log: Log) {
    this.#log = log;
    this.#unsavedFrom = log.lastIndex + 1;
    this.#durableIndex = log.lastIndex;
  }

  /** The last position durable with its present content. */
  get durableIndex(): number {
    return this.#durableIndex;
  }

  /** The generation of the last change of any kind. */
  get generation(): number {
    return this.#generation;
  }

  /** The generation of the last change of the hard state. */
  get hardGeneration(): number {
    return this.#hardGeneration;
  }

  /** Whether everything up to a generation is durable. */
  isDurable(generation: number): boolean {
    return generation <= this.#durable;
  }

  /** Notes a change of the hard state. */
  hardChanged(): void {
    this.#hardGeneration = ++this.#generation;
  }

  /** Notes that entries were added at the end of the log. */
  appended(): void {
    this.#generation++;
  }

  /** Notes that the log was cut from an index on. */
  truncated(from: number): void {
    this.#generation++;
    if (from < this.#unsavedFrom) {
      this.#truncateFrom = Math.min(this.#truncateFrom ?? from, from);
      this.#unsavedFrom = from;
    }
    this.#durableIndex = Math.min(this.#durableIndex, from - 1);
    if (this.#inFlight) this.#inFlight.lastIndex = Math.min(this.#inFlight.lastIndex, from - 1);
  }

  /** Notes that a snapshot took the place of the log. */
  installed(meta: SnapshotMeta): void {
    this.#generation++;
    this.#snapshot = meta;
    this.#truncateFrom = undefined;
    this.#compactTo = undefined;
    this.#unsavedFrom = meta.index + 1;
    this.#durableIndex = 0;
    if (this.#inFlight) this.#inFlight.lastIndex = 0;
  }

  /** Notes that entries up to an index may go; no answer depends on it. */
  compacted(to: number): void {
    this.#compactTo = to;
    this.#lazy = true;
  }

  /** Asks for the commit index to be written soon; no answer depends on it. */
  commitMoved(): void {
    this.#lazy = true;
  }

  /** The next batch, where there is something to write and none is on its way. */
  next(hard: () => HardState, nowMs: number): Persist | undefined {
    if (this.#inFlight || (this.#generation === this.#durable && !this.#lazy)) return undefined;
    const log = this.#log;
    const batch: Persist = {
      sequence: ++this.#sequence,
      hard: hard(),
      snapshot: this.#snapshot,
      truncateFrom: this.#truncateFrom,
      entries: log.range(this.#unsavedFrom, log.lastIndex),
      compactTo: this.#compactTo,
    };
    this.#inFlight = {
      sequence: this.#sequence,
      generation: this.#generation,
      sinceMs: nowMs,
      lastIndex: log.lastIndex,
    };
    this.#unsavedFrom = log.lastIndex + 1;
    this.#truncateFrom = undefined;
    this.#snapshot = undefined;
    this.#compactTo = undefined;
    this.#lazy = false;
    return batch;
  }

  /** Notes that a batch is durable. */
  done(sequence: number): void {
    const batch = this.#inFlight;
    if (!batch || sequence < batch.sequence) return;
    invariant(sequence === batch.sequence, "batches are confirmed in order");
    this.#inFlight = undefined;
    this.#durable = batch.generation;
    this.#durableIndex = Math.max(this.#durableIndex, batch.lastIndex);
  }

  /** How long the disk has had the batch on its way, ms; 0 where there is none. */
  waitingMs(nowMs: number): number {
    return this.#inFlight ? nowMs - this.#inFlight.sinceMs : 0;
  }

  /** Sends a message once a generation is durable; into `ready` now where it is. */
  hold(generation: number, outgoing: Outgoing, ready: Outgoing[]): void {
    if (this.isDurable(generation)) ready.push(outgoing);
    else {
      const last = this.#held.at(-1);
      const isSaid = last?.generation === generation && replaces(last.outgoing, outgoing);
      if (isSaid) this.#held.pop(); // the same again: what waits for a slow disk stays bounded
      this.#held.push({ generation, outgoing });
    }
  }

  /** Moves what need wait no longer into `ready`, in the order it was held. */
  release(ready: Outgoing[]): void {
    if (this.#held.length === 0) return;
    const waiting: Held[] = [];
    for (const held of this.#held) {
      if (this.isDurable(held.generation)) putOut(ready, held.outgoing);
      else waiting.push(held);
    }
    this.#held = waiting;
  }

  /** All of it, generations counted from what is durable. */
  describe(): readonly unknown[] {
    const since = (generation: number): number => Math.max(0, generation - this.#durable);
    const flight = this.#inFlight;
    return [
      since(this.#generation),
      since(this.#hardGeneration),
      this.#unsavedFrom,
      this.#truncateFrom,
      this.#snapshot,
      this.#compactTo,
      this.#lazy,
      this.#durableIndex,
      flight && [since(flight.generation), flight.lastIndex],
      ...this.#describeHeld(flight?.generation ?? this.#durable),
    ];
  }

  /** What goes out with the batch on its way, and what later: sets, but for what may be replaced. */
  #describeHeld(generation: number): readonly unknown[] {
    const [soon, later]: [Outgoing[], Outgoing[]] = [[], []];
    for (const held of this.#held) {
      putOut(held.generation <= generation ? soon : later, held.outgoing);
    }
    return [soon, later].map((out) => {
      const texts = out.map((one) => JSON.stringify(one));
      return [texts.pop(), [...new Set(texts)].sort()];
    });
  }

  /** Forgets what is held: none of it is true any more. */
  dropHeld(): void {
    this.#held = [];
  }
}

/** Adds a message, in place of the one before it where it says all that that says. */
function putOut(ready: Outgoing[], outgoing: Outgoing): void {
  if (replaces(ready.at(-1), outgoing)) ready[ready.length - 1] = outgoing;
  else ready.push(outgoing);
}

/** Whether a confirmation says all that the one before it says: one answer for a batch. */
function replaces(before: Outgoing | undefined, next: Outgoing): boolean {
  if (before?.to !== next.to) return false;
  const [a, b] = [before.message, next.message];
  if (a.kind !== "append-reply" || b.kind !== "append-reply") return false;
  return a.accepted && b.accepted && a.term === b.term && a.index <= b.index;
}
