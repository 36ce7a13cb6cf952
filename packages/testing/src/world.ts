import { type Random, seededRandom, type Timer } from "@mosaik/primitives";
import { EventQueue } from "./event-queue.ts";
import { Trace, type TraceOptions } from "./trace.ts";
import { inOwnTurn } from "./turn.ts";
import { type TimeSource, WorldClock, type WorldClockOptions } from "./world-clock.ts";

/** What a {@link World} is made with. */
export interface WorldOptions extends Pick<TraceOptions, "keep" | "onRecord"> {
  /** Decides everything that is random. A whole number. */
  readonly seed: number;
  /** The wall-clock time at the beginning, milliseconds since 1970. Default: the start of 2026. */
  readonly startMs?: number;
}

/** How long to wait for something. */
export interface WithinOptions {
  /** Virtual milliseconds. Default: a minute. */
  readonly withinMs?: number;
}

/**
 * Virtual time and seeded randomness in which real, asynchronous programs run: time stands still
 * while they work, and jumps to the next event once every promise of the last one has run its
 * course. The same seed gives the same run, as long as the programs take time and randomness from
 * here only.
 *
 * @example
 * ```ts
 * import { World } from "@mosaik/testing";
 *
 * const world = new World({ seed: 1 });
 * world.clock().after(86_400_000, () => console.log("a day later"));
 * await world.run(86_400_000);
 * ```
 */
export class World {
  readonly seed: number;
  /** What happened; others add to it. */
  readonly trace: Trace;
  readonly #queue = new EventQueue();
  readonly #time: TimeSource;
  readonly #randoms = new Map<string, Random>();
  #elapsedMs = 0;
  #driving = false;
  #events = 0;
  #eventsAtInstant = 0;

  constructor(options: WorldOptions) {
    this.seed = options.seed;
    this.trace = new Trace({ ...options, now: () => this.#elapsedMs });
    const elapsedMs = (): number => this.#elapsedMs;
    this.#time = {
      get elapsedMs() {
        return elapsedMs();
      },
      startMs: options.startMs ?? Date.UTC(2026, 0, 1),
      schedule: (ms, run) => this.#schedule(ms, run),
    };
  }

  /** Virtual milliseconds since the beginning. */
  get elapsedMs(): number {
    return this.#elapsedMs;
  }

  /** How many events have happened. */
  get events(): number {
    return this.#events;
  }

  /** A clock of this world, for one node; each may be wrong or stopped on its own. */
  clock(options?: WorldClockOptions): WorldClock {
    return new WorldClock(this.#time, options);
  }

  /**
   * The randomness of one concern (`network`, `node 3`), the same source for the same name. More
   * draws in one concern do not change another.
   */
  random(concern: string): Random {
    const known = this.#randoms.get(concern);
    if (known !== undefined) return known;
    const random = seededRandom(hashText(`${this.seed}/${concern}`));
    this.#randoms.set(concern, random);
    return random;
  }

  /**
   * Lets `ms` virtual milliseconds pass.
   *
   * @throws what an event threw. The world can go on after it.
   */
  async run(ms: number): Promise<void> {
    await this.#drive(this.#elapsedMs + ms, () => false);
  }

  /**
   * Lets time pass until something holds; it is asked after every event. Returns how many virtual
   * milliseconds that took.
   *
   * @throws `Error` where it does not hold in time; what an event threw.
   */
  async runUntil(holds: () => boolean, options: WithinOptions = {}): Promise<number> {
    const startedAt = this.#elapsedMs;
    const withinMs = options.withinMs ?? defaultWithinMs;
    if (!(await this.#drive(startedAt + withinMs, holds))) {
      throw new Error(`it did not hold within ${withinMs} virtual ms (seed ${this.seed})`);
    }
    return this.#elapsedMs - startedAt;
  }

  /**
   * Lets time pass until a promise is settled, and returns what it resolves to: a whole test can be
   * one.
   *
   * @throws what the promise rejects with; `Error` where it is not settled in time.
   */
  async settle<Value>(work: Promise<Value>, options: WithinOptions = {}): Promise<Value> {
    let settled = false;
    const mark = (): void => {
      settled = true;
    };
    work.then(mark, mark);
    await this.runUntil(() => settled, options);
    return work;
  }

  /**
   * Waits, within what {@link settle} drives.
   *
   * @throws `RangeError` where `ms` is no number of milliseconds.
   */
  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => void this.#schedule(ms, resolve));
  }

  /**
   * What a promise resolves to, within what {@link settle} drives.
   *
   * @throws what the promise rejects with; `Error` where it is not settled in `ms` virtual
   * milliseconds.
   */
  async within<Value>(ms: number, work: PromiseLike<Value>): Promise<Value> {
    const late = Promise.withResolvers<never>();
    const timer = this.#schedule(ms, () => {
      late.reject(new Error(`it did not happen within ${ms} virtual ms (seed ${this.seed})`));
    });
    try {
      return await Promise.race([work, late.promise]);
    } finally {
      timer.cancel();
    }
  }

  #schedule(ms: number, run: () => void): Timer {
    if (!Number.isFinite(ms)) throw new RangeError(`${ms} is no time to wait`);
    const event = this.#queue.add(this.#elapsedMs + Math.max(0, ms), run);
    return { cancel: () => this.#queue.cancel(event) };
  }

  /** Runs events until `done`, or until the time is `endsAt`: then returns `false`. */
  async #drive(endsAt: number, done: () => boolean): Promise<boolean> {
    if (this.#driving) throw new Error("the world is running already");
    this.#driving = true;
    try {
      return await new Promise<boolean>((resolve, reject) => {
        takeTurns(() => {
          try {
            const outcome = this.#step(endsAt, done);
            if (outcome !== undefined) resolve(outcome);
            return outcome === undefined;
          } catch (error) {
            reject(error);
            return false;
          }
        });
      });
    } finally {
      this.#driving = false;
    }
  }

  /** Runs one event. Returns how the drive ends, where it does. */
  #step(endsAt: number, done: () => boolean): boolean | undefined {
    if (done()) return true;
    const at = this.#queue.nextAt;
    if (at > endsAt) {
      this.#elapsedMs = endsAt;
      return false;
    }
    this.#eventsAtInstant = at === this.#elapsedMs ? this.#eventsAtInstant + 1 : 0;
    if (this.#eventsAtInstant > eventsAtInstantMax) {
      throw new Error(`time stands still: ${eventsAtInstantMax} events at ${at} ms`);
    }
    this.#elapsedMs = at;
    this.#events++;
    this.#queue.take()?.();
    return undefined;
  }
}

const defaultWithinMs = 60_000;
/** More events than this at one moment are a loop that never lets time pass. */
const eventsAtInstantMax = 1_000_000;
/** Turns are asked for this many at a time: a quarter of the cost of one by one. */
const turnsAtOnce = 64;

/** Calls `take` in turns of the event loop of its own until it returns `false`. */
function takeTurns(take: () => boolean): void {
  let going = true;
  const ask = (): void => {
    for (let turn = 1; turn <= turnsAtOnce; turn++) {
      inOwnTurn(() => {
        going &&= take();
        if (going && turn === turnsAtOnce) ask();
      });
    }
  };
  ask();
}

/** FNV-1a, 32 bits. */
function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return hash;
}
