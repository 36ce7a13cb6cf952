import type { Clock, Timer } from "@mosaik/primitives";
import { queriesMax } from "../config.ts";
import { GroupError } from "../errors.ts";
import { noQuorum } from "./command-session.ts";

/** A strong query that waits. */
interface Waiting {
  readonly deadlineMs: number;
  /** The local state may answer now. */
  readonly ready: () => void;
  readonly failed: (error: GroupError) => void;
}

/** What a desk is made with. */
export interface ReadDeskInit {
  readonly clock: Clock;
  /** How long a query may wait, ms. */
  readonly patienceMs: number;
  /** How long to wait before asking again, ms. */
  readonly againMs: number;
  readonly position: () => number;
  readonly isOpen: () => boolean;
  /** Asks the leader for a position to read at. */
  readonly ask: (id: number) => void;
}

/**
 * Strong queries: asks the leader from which position on a state may answer, and waits until the
 * local one is there. One question at a time is out; what comes meanwhile shares the next (Raft
 * thesis §6.4).
 */
export class ReadDesk {
  readonly #init: ReadDeskInit;
  #waiting: Waiting[] = [];
  #round: { readonly id: number; readonly reads: readonly Waiting[] } | undefined;
  /** Whose position is known and not yet applied here. */
  #placed: { readonly index: number; readonly reads: readonly Waiting[] }[] = [];
  #nextId = 1;
  #again: Timer | undefined;
  #expiry: Timer | undefined;
  #size = 0;
  #turnTaken = false;
  #closed: GroupError | undefined;

  constructor(init: ReadDeskInit) {
    this.#init = init;
  }

  /**
   * Calls one of the two when the local state may answer, or when it is too late for that.
   *
   * @throws GroupError with `GROUP_FULL`, or why it is closed.
   */
  read(ready: () => void, failed: (error: GroupError) => void): void {
    if (this.#closed) throw this.#closed;
    if (this.#size >= queriesMax) {
      throw new GroupError("GROUP_FULL", "too many queries wait", { retryable: true });
    }
    const { clock, patienceMs } = this.#init;
    this.#size++;
    this.#waiting.push({ deadlineMs: clock.monotonic() + patienceMs, ready, failed });
    this.#expiry ??= clock.after(patienceMs, () => this.#expire());
    this.#askSoon();
  }

  /** Somebody else leads, or can be reached again: the question is asked anew. */
  routeChanged(): void {
    this.#takeBack();
    this.#ask();
  }

  /** The leader's answer; absent: it cannot say. */
  answered(id: number, index: number | undefined): void {
    if (this.#round?.id !== id) return;
    if (index === undefined) {
      this.#takeBack();
      this.#again?.cancel();
      const { clock, againMs } = this.#init;
      this.#again = clock.after(againMs / 8, () => this.routeChanged());
      return;
    }
    const { reads } = this.#round;
    this.#round = undefined;
    this.#placed.push({ index, reads });
    this.advanced();
    this.#ask();
  }

  /** More is applied here. */
  advanced(): void {
    const position = this.#init.position();
    if (!this.#placed.some(({ index }) => index <= position)) return;
    const placed = this.#placed;
    this.#placed = placed.filter(({ index }) => index > position);
    for (const { index, reads } of placed) {
      if (index > position) continue;
      this.#size -= reads.length;
      for (const { ready } of reads) ready();
    }
  }

  /** Fails what waits, and takes nothing more. */
  close(error: GroupError): void {
    if (this.#closed) return;
    this.#closed = error;
    this.#again?.cancel();
    this.#expiry?.cancel();
    this.#takeBack();
    const open = [...this.#placed.flatMap(({ reads }) => reads), ...this.#waiting];
    this.#placed = [];
    this.#waiting = [];
    for (const { failed } of open) failed(error);
  }

  /** What is asked in one turn of the event loop shares a round. */
  #askSoon(): void {
    if (this.#turnTaken) return;
    this.#turnTaken = true;
    this.#init.clock.soon(() => {
      this.#turnTaken = false;
      this.#ask();
    });
  }

  #ask(): void {
    const { clock, againMs, isOpen, ask } = this.#init;
    if (this.#closed || this.#round || this.#waiting.length === 0 || !isOpen()) return;
    const id = this.#nextId++;
    this.#round = { id, reads: this.#waiting };
    this.#waiting = [];
    this.#again?.cancel();
    this.#again = clock.after(againMs, () => this.routeChanged());
    ask(id);
  }

  #takeBack(): void {
    if (this.#round === undefined) return;
    this.#waiting = [...this.#round.reads, ...this.#waiting];
    this.#round = undefined;
  }

  #expire(): void {
    const { clock } = this.#init;
    const now = clock.monotonic();
    this.#expiry = undefined;
    let next = Number.POSITIVE_INFINITY;
    const late: Waiting[] = [];
    const keep = (reads: readonly Waiting[]): Waiting[] =>
      reads.filter((read) => {
        if (read.deadlineMs <= now) late.push(read);
        else next = Math.min(next, read.deadlineMs);
        return read.deadlineMs > now;
      });
    this.#placed = this.#placed.map(({ index, reads }) => ({ index, reads: keep(reads) }));
    if (this.#round) this.#round = { id: this.#round.id, reads: keep(this.#round.reads) };
    this.#waiting = keep(this.#waiting);
    this.#size -= late.length;
    if (Number.isFinite(next)) this.#expiry = clock.after(next - now, () => this.#expire());
    for (const { failed } of late) failed(noQuorum());
  }
}
