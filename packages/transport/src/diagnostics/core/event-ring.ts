import type { DiagnosticEvent } from "../diagnostics.ts";

/** The newest events of a node, numbered from 1; the oldest are forgotten. */
export class EventRing {
  readonly #limit: number;
  #events: DiagnosticEvent[] = [];
  #last = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** The number of the newest event. */
  get last(): number {
    return this.#last;
  }

  /** Adds an event. */
  add(event: Omit<DiagnosticEvent, "kind" | "sequence">): DiagnosticEvent {
    const added = { kind: "event", sequence: ++this.#last, ...event } as const;
    this.#events.push(added);
    // Half of the room is given up at once, so that each event costs the same.
    if (this.#events.length >= 2 * this.#limit) this.#events = this.#events.slice(-this.#limit);
    return added;
  }

  /** The oldest events after a number, at most so many, and how many before them were forgotten. */
  after(
    sequence: number,
    countMax: number,
  ): { readonly missed: number; readonly events: readonly DiagnosticEvent[] } {
    const first = Math.max(1, this.#last - Math.min(this.#limit, this.#events.length) + 1);
    const from = Math.max(sequence + 1, first);
    const at = this.#events.length - (this.#last - from + 1);
    const events = from > this.#last ? [] : this.#events.slice(at, at + countMax);
    return { missed: Math.max(0, Math.min(from, this.#last + 1) - (sequence + 1)), events };
  }
}
