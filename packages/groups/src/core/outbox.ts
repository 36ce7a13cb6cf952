import { commandsBytesMax, commandsMax } from "../config.ts";

/** Something that was given and whose outcome is open. */
export interface Pending<Ticket> {
  readonly sequence: number;
  readonly commands: readonly Uint8Array[];
  readonly bytes: number;
  /** A position that was applied here when it was given. */
  readonly givenAt: number;
  readonly deadlineMs: number;
  /** Whoever waits for it. */
  readonly ticket: Ticket;
  /** Whether it was ever given to a leader: then its outcome is open. */
  wasSent: boolean;
}

/**
 * The frames of one session whose outcome is open, in order, and how far they were sent.
 *
 * 1. Frames leave in the order they came, and again from the first one after `rewind`.
 * 2. `settled` is one less than the oldest that is open: nothing before it is waited for.
 */
export class Outbox<Ticket> {
  #pending: Pending<Ticket>[] = [];
  #head = 0;
  #next = 1;
  #unsent = 0;
  #bytes = 0;

  /** How many are open. */
  get size(): number {
    return this.#pending.length - this.#head;
  }

  /** The oldest open one. */
  get oldest(): Pending<Ticket> | undefined {
    return this.#pending[this.#head];
  }

  /** Whether something is to be sent. */
  get hasUnsent(): boolean {
    return this.#head + this.#unsent < this.#pending.length;
  }

  /** No frame up to this sequence is waited for. */
  get settled(): number {
    return (this.oldest?.sequence ?? this.#next) - 1;
  }

  /** Takes something in; nothing where there is no room. */
  add(given: Pick<Pending<Ticket>, "commands" | "bytes" | "givenAt" | "deadlineMs" | "ticket">) {
    const full = this.size >= commandsMax || this.#bytes + given.bytes > commandsBytesMax;
    if (full && this.size > 0) return undefined;
    const pending: Pending<Ticket> = { ...given, sequence: this.#next++, wasSent: false };
    this.#pending.push(pending);
    this.#bytes += pending.bytes;
    return pending;
  }

  /** The next ones to send, of at most so many bytes together but at least one; counts them as sent. */
  take(bytesMax: number): Pending<Ticket>[] {
    const taken: Pending<Ticket>[] = [];
    let bytes = 0;
    for (;;) {
      const next = this.#pending[this.#head + this.#unsent];
      if (next === undefined || (taken.length > 0 && bytes + next.bytes > bytesMax)) return taken;
      this.#unsent++;
      bytes += next.bytes;
      next.wasSent = true;
      taken.push(next);
    }
  }

  /** All open ones are to be sent again. */
  rewind(): void {
    this.#unsent = 0;
  }

  /** The open one of a sequence. */
  find(sequence: number): Pending<Ticket> | undefined {
    const oldest = this.oldest;
    if (oldest === undefined || sequence < oldest.sequence) return undefined;
    return this.#pending[this.#head + sequence - oldest.sequence];
  }

  /** Takes out all up to a sequence, which are no longer open, oldest first. */
  settle(upTo: number): Pending<Ticket>[] {
    const over: Pending<Ticket>[] = [];
    for (let next = this.oldest; next !== undefined && next.sequence <= upTo; next = this.oldest) {
      over.push(next);
      this.#head++;
      this.#bytes -= next.bytes;
      if (this.#unsent > 0) this.#unsent--;
    }
    if (this.#head > 64 && this.#head * 2 > this.#pending.length) {
      this.#pending = this.#pending.slice(this.#head);
      this.#head = 0;
    }
    return over;
  }
}
