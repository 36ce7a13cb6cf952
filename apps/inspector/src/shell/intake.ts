import type { Fact } from "../model/fact.ts";
import type { Recording } from "../model/recording.ts";
import { inspectorLimits } from "./config.ts";

/** A fact before its time is known. */
export type Learned = Fact extends infer Each
  ? Each extends Fact
    ? Omit<Each, "at">
    : never
  : never;

/** Gathers facts and has them learned together, at most ten times a second. */
export class Intake {
  readonly #recording: Recording;
  readonly #changed: () => void;
  #waiting: Fact[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(recording: Recording, changed: () => void) {
    this.#recording = recording;
    this.#changed = changed;
  }

  /** Learns something, now or at a moment before. */
  push(learned: Learned, at: number = Date.now()): void {
    this.#waiting.push({ ...learned, at } as Fact); // what was taken away is there again
    this.#timer ??= setTimeout(() => this.#flush(), inspectorLimits.paintMs);
  }

  /** Forgets what waits. */
  close(): void {
    clearTimeout(this.#timer);
    this.#waiting = [];
  }

  #flush(): void {
    this.#timer = undefined;
    const facts = this.#waiting;
    this.#waiting = [];
    this.#recording.add(facts);
    this.#changed();
  }
}
