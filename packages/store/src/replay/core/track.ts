import type { PeerId } from "@mosaik/primitives";
import { besideItemsMax, graceMs, lookAgainMs } from "../config.ts";
import type { Holder, Known } from "./known.ts";
import { Lacks } from "./lacks.ts";
import type { Offset } from "./position.ts";
import { beginLive, type Start, startIn } from "./start.ts";
import { type Came, type LiveRun, rest, type Step, type TrackInit } from "./step.ts";
import { type Stuck, stuckAt } from "./stuck.ts";

const never = Number.POSITIVE_INFINITY;
const everything = Number.MAX_SAFE_INTEGER;
/** How often a producer is asked for its greeting before the live stream must do. */
const greetingsMax = 3;

/**
 * Brings a consumer from where it stands in the items of one producer to the live stream: decides
 * what comes from keepers, what from the live subscription, and what nobody has.
 *
 * Invariants:
 * 1. What is handed over is in order: each item of a run of the producer once, or as part of a gap
 *    of exactly the missing ones; runs in their order.
 * 2. A gap is told only when every keeper has been asked since it was met, or has failed for as
 *    long as there is patience.
 * 3. Live items wait until all before them is settled; then they are handed over as they came.
 * 4. At most one request to a keeper at a time.
 */
export class Track<Source> {
  readonly producer: PeerId;
  readonly #start: Start;
  readonly #patienceMs: number;
  readonly #bornAt: number;
  #next: Offset | undefined;
  #live: { readonly incarnation: string; end: number } | undefined;
  /** Where the first live subscription began. */
  #firstLive: Offset | undefined;
  #held: LiveRun<Source>[] = [];
  #wantsLive: boolean;
  #fetch: (Pick<Holder, "keeper" | "end"> & { from: number; to: number }) | undefined;
  readonly #lacks = new Lacks();
  #greeting: "none" | "asked" = "none";
  #greetingsLeft = greetingsMax;
  /** Since when it is at a place that nobody is known to have, and when to ask again. */
  #stuck: Stuck | undefined;
  #left = 0;

  constructor({ producer, start, patienceMs, joinsAtOnce, now }: TrackInit) {
    this.producer = producer;
    this.#start = start;
    this.#patienceMs = patienceMs;
    this.#bornAt = now;
    this.#wantsLive = joinsAtOnce || start.kind === "latest" || start.kind === "greeting";
  }

  /** Where the next item is; `undefined` before it is known where to begin. */
  get next(): Offset | undefined {
    return this.#next;
  }

  /** Whether there should be a live subscription: history is read to its end. */
  get wantsLive(): boolean {
    return this.#wantsLive;
  }

  /** Whether everything sent so far, as far as is known, was handed over, and the live stream runs. */
  get isLive(): boolean {
    const [next, live] = [this.#next, this.#live];
    if (next === undefined || live === undefined || this.#held.length > 0) return false;
    return next.incarnation === live.incarnation && next.sequence === live.end;
  }

  /** The run that is live, and where it ends so far. */
  get live(): Offset | undefined {
    return this.#live && { incarnation: this.#live.incarnation, sequence: this.#live.end };
  }

  /** The keeper that owes items. */
  get fetching(): PeerId | undefined {
    return this.#fetch?.keeper;
  }

  /** A live subscription began. */
  begun(incarnation: string, sequence: number): void {
    this.#live = { incarnation, end: sequence };
    this.#firstLive ??= { incarnation, sequence };
    this.#stuck = undefined;
  }

  /** Live items arrived. */
  arrived(run: LiveRun<Source>): void {
    this.#held.push(run);
    if (this.#live !== undefined) this.#live.end = run.sequence + run.items;
  }

  /** The producer dropped live items. */
  missed(items: number): void {
    if (this.#live !== undefined) this.#live.end += items;
  }

  /** The live subscription is over. */
  ended(): void {
    this.#live = undefined;
  }

  /** Items came from the keeper that was asked; `false` where they are not those that are due. */
  fetched(items: number): boolean {
    const [next, due] = [this.#next, this.#fetch];
    if (next === undefined || due === undefined || next.sequence + items > due.to) return false;
    this.#advance(items);
    return true;
  }

  /** The keeper has nothing before `to`; `false` where that is none of its business. */
  lacks(to: number): boolean {
    const [next, due] = [this.#next, this.#fetch];
    if (next === undefined || due === undefined) return false;
    if (to <= next.sequence || to > due.to) return false;
    this.#lacks.add({ keeper: due.keeper, from: next.sequence, to });
    this.#fetch = undefined;
    return true;
  }

  /** The request is over. Returns what came of what the keeper said that it has. */
  fetchEnded(): Came {
    const { from = 0, to = 0, end = 0 } = this.#fetch ?? {};
    const { sequence = from } = this.#next ?? {};
    this.#fetch = undefined;
    if (sequence === from) return "nothing";
    return sequence < Math.min(to, end) ? "part" : "all";
  }

  /** The producer's greeting, which stands for all items before a place, was handed over. */
  greeted(place: Offset): void {
    this.#next = place;
    this.#held = this.#held.filter(({ incarnation }) => incarnation >= place.incarnation);
  }

  /** The greeting broke off; it is asked for again, where that may help. */
  greetingFailed(mayHelp: boolean): void {
    this.#greeting = "none";
    this.#greetingsLeft = mayHelp ? this.#greetingsLeft - 1 : 0;
  }

  /** What to do next. Called until it says `rest`, after whatever happened. */
  step(now: number, known: Known): Step<Source> {
    if (this.#next === undefined) {
      const step = this.#begin(now, known);
      if (step !== undefined) return step;
    }
    const next = this.#next;
    if (next === undefined || this.#fetch !== undefined) return rest(never);
    const [head] = this.#held;
    if (head?.incarnation === next.incarnation && head.sequence <= next.sequence) {
      this.#held.shift();
      const skip = Math.min(head.items, next.sequence - head.sequence);
      this.#advance(head.items - skip);
      return { do: "deliver", run: head, skip };
    }
    const limit = this.#limit(next);
    if (next.sequence >= limit) {
      this.#left = 0;
      return rest(never);
    }
    return this.#read(next, limit, known) ?? this.#lookFurther(next, limit, now, known);
  }

  /** The first item of the run being read that comes live. */
  #limit({ incarnation }: Offset): number {
    const [head] = this.#held;
    if (head !== undefined) return head.incarnation === incarnation ? head.sequence : never;
    return this.#live?.incarnation === incarnation ? this.#live.end : never;
  }

  /** Asks a keeper that has the next item. */
  #read(next: Offset, limit: number, known: Known): Step<Source> | undefined {
    const { incarnation, sequence } = next;
    const holders = known
      .holders(this.producer, incarnation)
      .filter((each) => this.#lacks.has(each, sequence));
    const [holder] = holders;
    if (holder === undefined) return undefined;
    this.#stuck = undefined;
    const end = Math.max(...holders.map((each) => each.end));
    if (
      this.#live !== undefined &&
      Math.min(limit, end) - sequence > besideItemsMax << this.#left
    ) {
      this.#wantsLive = false;
      this.#left = Math.min(8, this.#left + 1);
    }
    const to = limit === never ? everything : limit;
    this.#fetch = { keeper: holder.keeper, end: holder.end, from: sequence, to };
    return { do: "fetch", keeper: holder.keeper, incarnation, from: sequence, to };
  }

  /** Nobody is known to have the next item: finds out, and says what is missing. */
  #lookFurther(next: Offset, limit: number, now: number, known: Known): Step<Source> {
    const { incarnation, sequence } = next;
    const holders = known.holders(this.producer, incarnation);
    const further = this.#lacks.nextKept(sequence, holders);
    const later = this.#nextRun(incarnation, known);
    const isEnd = further === undefined && later === undefined && limit === never;
    if (this.#stuck?.isEnd !== isEnd) this.#stuck = stuckAt(now, isEnd, now);
    if (isEnd) return this.#atEnd(now, known);
    const { since } = this.#stuck;
    const isPatient = now < since + this.#patienceMs;
    const isFresh = known.size === 0 ? now >= this.#bornAt + graceMs : known.isFresh(since);
    if (!isFresh && isPatient) return this.#look(now, since + this.#patienceMs);
    const mayCome = limit !== never && further === undefined && known.size > 0;
    if (mayCome && isPatient && holders.every(({ end }) => end < limit)) {
      return this.#look(now, since + this.#patienceMs);
    }
    this.#stuck = undefined;
    if (further !== undefined || limit !== never) {
      return this.#gap(next, Math.min(limit, further ?? never));
    }
    this.#next = { incarnation: later ?? incarnation, sequence: 0 };
    this.#lacks.passed(never);
    return { do: "gap", incarnation, from: sequence, to: undefined, reason: "restart" };
  }

  #gap({ incarnation, sequence }: Offset, to: number): Step<Source> {
    this.#advance(to - sequence);
    return { do: "gap", incarnation, from: sequence, to, reason: "not-kept" };
  }

  /** All that is kept was read: subscribes, and asks now and then whether there is more after all. */
  #atEnd(now: number, known: Known): Step<Source> {
    const isPatient = now < this.#bornAt + this.#patienceMs;
    if (known.isFresh(this.#bornAt) || !isPatient) this.#wantsLive = true;
    return known.size === 0 ? rest(never) : this.#look(now, never);
  }

  /** Asks again what keepers have, less and less often, and comes back at `until` at the latest. */
  #look(now: number, until: number): Step<Source> {
    const stuck = this.#stuck;
    if (stuck === undefined) return rest(never);
    if (now < stuck.lookAt) return rest(Math.min(stuck.lookAt, until));
    stuck.lookAt = now + stuck.lookMs;
    stuck.lookMs = Math.min(
      until === never ? lookAgainMs.atEnd : lookAgainMs.last,
      stuck.lookMs * 2,
    );
    return { do: "look" };
  }

  /** The run after one, where there is one: the live one is the last, whatever its name. */
  #nextRun(incarnation: string, known: Known): string | undefined {
    const present = this.#held[0]?.incarnation ?? this.#live?.incarnation;
    const runs = known.incarnations(this.producer);
    const next = runs.find((run) => run > incarnation && (present === undefined || run < present));
    return next ?? (present === incarnation ? undefined : present);
  }

  #advance(items: number): void {
    if (this.#next === undefined) return;
    const sequence = this.#next.sequence + items;
    this.#next = { incarnation: this.#next.incarnation, sequence };
    this.#stuck = undefined;
    this.#lacks.passed(sequence);
  }

  /** Finds where to begin. Returns what must happen before, where something must. */
  #begin(now: number, known: Known): Step<Source> | undefined {
    const live = this.#firstLive;
    const start = this.#start;
    if (start.kind === "greeting" && live !== undefined && this.#greetingsLeft > 0) {
      if (this.#greeting === "asked") return rest(never);
      this.#greeting = "asked";
      return { do: "greet" };
    }
    if (start.kind === "latest" || start.kind === "greeting") {
      this.#next = live;
      return live === undefined ? rest(never) : undefined;
    }
    this.#stuck ??= stuckAt(this.#bornAt, false, now);
    const isPatient = now < this.#bornAt + this.#patienceMs;
    const isFresh = known.size === 0 ? now >= this.#bornAt + graceMs : known.isFresh(this.#bornAt);
    if (known.size === 0) this.#wantsLive = true;
    if (start.kind !== "at" && !isFresh && isPatient) {
      return this.#look(now, this.#bornAt + Math.min(graceMs, this.#patienceMs));
    }
    this.#stuck = undefined;
    this.#next = startIn(known, this.producer, start) ?? (live && beginLive(start, live));
    if (this.#next !== undefined) return undefined;
    this.#wantsLive = true;
    return rest(never);
  }
}
