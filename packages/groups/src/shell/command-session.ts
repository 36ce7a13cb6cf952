import type { Clock, Random, Timer } from "@mosaik/primitives";
import { submitBytesMax } from "../config.ts";
import { commandFrameSize, encodeCommandFrames, sessionKey } from "../core/command-frame.ts";
import { Outbox, type Pending } from "../core/outbox.ts";
import type { Applied, Outcome } from "../core/replica.ts";
import { GroupError } from "../errors.ts";
import type { Refusal } from "../raft/effects.ts";

/** Whoever waits for what was given. */
export interface Ticket<Result> {
  /** A leader has given it a position. */
  placed(index: number): void;
  /** It was carried out. */
  done(outcomes: readonly Outcome<Result>[]): void;
  failed(error: GroupError): void;
}

/** What sessions share. */
export interface CommandEnvironment<Result> {
  readonly clock: Clock;
  readonly random: Random;
  /** How long an outcome may stay open, ms. */
  readonly patienceMs: number;
  /** How long to wait before asking again, ms. */
  readonly againMs: number;
  /** The last position applied here. */
  readonly position: () => number;
  /** Whether there is a leader to give things to. */
  readonly isOpen: () => boolean;
  /** A number for a submission of a session: its answer is brought to it. */
  readonly number: (session: CommandSession<Result>) => number;
  /** Gives entries to the leader under a number. */
  readonly submit: (id: number, entries: readonly Uint8Array[]) => void;
  /** Told how long commands took that were carried out, ms. */
  readonly took: (ms: number) => void;
  /** The session has another key than before. */
  readonly renamed: (session: CommandSession<Result>, before: string) => void;
}

/**
 * The commands of one handle, on their way: given to whoever leads, in order, and again to the next
 * leader until they are applied here or their time is up.
 *
 * A session of its own, so that however often a command is given it is carried out once.
 */
export class CommandSession<Result> {
  readonly #environment: CommandEnvironment<Result>;
  #outbox = new Outbox<Ticket<Result>>();
  #key: string;
  /** Submissions to the present leader that it has not answered. */
  #submissions = new Map<number, readonly Pending<Ticket<Result>>[]>();
  #turnTaken = false;
  /** When everything open is given again; `soon`: because it must be. */
  #again: { readonly timer: Timer; readonly soon: boolean } | undefined;
  #expiry: Timer | undefined;
  #closed: GroupError | undefined;

  constructor(environment: CommandEnvironment<Result>) {
    this.#environment = environment;
    this.#key = sessionKey(environment.random.bytes(16));
  }

  /** Names it in the log. */
  get key(): string {
    return this.#key;
  }

  /**
   * Gives commands, as one frame.
   *
   * @throws GroupError with `GROUP_FULL`, or why it is closed.
   */
  give(commands: readonly Uint8Array[], ticket: Ticket<Result>): void {
    if (this.#closed) throw this.#closed;
    const { clock, patienceMs, position } = this.#environment;
    const pending = this.#outbox.add({
      commands,
      bytes: commandFrameSize(commands),
      givenAt: position(),
      deadlineMs: clock.monotonic() + patienceMs,
      ticket,
    });
    if (pending === undefined) {
      throw new GroupError("GROUP_FULL", "too many commands are on their way", { retryable: true });
    }
    this.#expiry ??= clock.after(patienceMs, () => this.#expire());
    this.#pump();
  }

  /** Somebody else leads now, or can be reached again: everything open is given anew. */
  routeChanged(): void {
    this.#submissions.clear();
    this.#outbox.rewind();
    this.#flush();
  }

  /** The leader answered a submission. */
  submitted(id: number, index: number, refusal: Refusal | undefined): void {
    const pending = this.#submissions.get(id);
    this.#submissions.delete(id);
    if (pending === undefined) return;
    if (refusal !== undefined) return this.#later();
    pending.forEach(({ ticket }, at) => {
      ticket.placed(index + at);
    });
  }

  /** An entry of this session was applied here. */
  applied(applied: Applied<Result>, recall: () => Applied<Result> | "forgotten" | "unseen"): void {
    const pending = this.#outbox.find(applied.sequence);
    if (pending === undefined) return;
    if (applied.verdict === "fresh") return this.#done(pending, applied);
    if (applied.verdict === "duplicate") return this.#settle(pending, recall());
    if (applied.verdict === "gap") return this.#later();
    this.#startOver();
  }

  /** The state was replaced: what is open may be in it. */
  restored(recall: (sequence: number) => Applied<Result> | "forgotten" | "unseen"): void {
    for (let next = this.#outbox.oldest; next; next = this.#outbox.oldest) {
      const known = recall(next.sequence);
      if (known === "unseen") return;
      this.#settle(next, known);
    }
  }

  /** Fails what is open, and takes nothing more. */
  close(error: GroupError): void {
    if (this.#closed) return;
    this.#closed = error;
    this.#again?.timer.cancel();
    this.#expiry?.cancel();
    for (const { ticket } of this.#outbox.settle(Number.POSITIVE_INFINITY)) ticket.failed(error);
  }

  #settle(pending: Pending<Ticket<Result>>, known: Applied<Result> | "forgotten" | "unseen"): void {
    if (typeof known === "object") return this.#done(pending, known);
    for (const { ticket } of this.#outbox.settle(pending.sequence)) ticket.failed(unknownOutcome());
  }

  #done(pending: Pending<Ticket<Result>>, { position, outcomes }: Applied<Result>): void {
    const { clock, patienceMs, took } = this.#environment;
    for (const { ticket, sequence } of this.#outbox.settle(pending.sequence)) {
      if (sequence !== pending.sequence) ticket.failed(unknownOutcome());
      else {
        took(clock.monotonic() - (pending.deadlineMs - patienceMs));
        ticket.placed(position);
        ticket.done(outcomes);
      }
    }
  }

  /** What is given in one turn of the event loop goes together: one append and one sync for it. */
  #pump(): void {
    if (this.#turnTaken) return;
    this.#turnTaken = true;
    this.#environment.clock.soon(() => {
      this.#turnTaken = false;
      this.#flush();
    });
  }

  #flush(): void {
    const { isOpen, submit, number } = this.#environment;
    while (!this.#closed && isOpen() && this.#outbox.hasUnsent) {
      const { settled } = this.#outbox;
      const pending = this.#outbox.take(submitBytesMax);
      const session = this.#key;
      const entries = encodeCommandFrames(
        pending.map(({ sequence, givenAt, commands }) => ({
          session,
          sequence,
          settled,
          givenAt,
          commands,
        })),
      );
      const id = number(this);
      this.#submissions.set(id, pending);
      submit(id, entries);
    }
    if (this.#outbox.size > 0) this.#watch();
  }

  /** Gives everything open again after a while. */
  #later(): void {
    if (this.#again?.soon === true) return;
    this.#again?.timer.cancel();
    const { clock, againMs } = this.#environment;
    this.#again = { soon: true, timer: clock.after(againMs / 8, () => this.#giveAgain()) };
  }

  /** Where nothing moves, the leader is asked again: what it was given may be lost. */
  #watch(): void {
    if (this.#again !== undefined) return;
    const first = this.#outbox.oldest;
    const timer = this.#environment.clock.after(this.#environment.againMs, () => {
      if (this.#outbox.oldest === first) return this.#giveAgain();
      this.#again = undefined;
      if (this.#outbox.size > 0) this.#watch();
    });
    this.#again = { soon: false, timer };
  }

  #giveAgain(): void {
    this.#again = undefined;
    if (!this.#closed && this.#outbox.size > 0) this.routeChanged();
  }

  #expire(): void {
    const { clock } = this.#environment;
    const now = clock.monotonic();
    this.#expiry = undefined;
    for (let next = this.#outbox.oldest; next; next = this.#outbox.oldest) {
      if (next.deadlineMs > now) {
        this.#expiry = clock.after(next.deadlineMs - now, () => this.#expire());
        return;
      }
      this.#outbox.settle(next.sequence);
      next.ticket.failed(next.wasSent ? unknownOutcome() : noQuorum());
    }
  }

  /** The group has forgotten this session: what is open may have been carried out before that. */
  #startOver(): void {
    const before = this.#key;
    this.#key = sessionKey(this.#environment.random.bytes(16));
    this.#environment.renamed(this, before);
    this.#submissions.clear();
    const open = this.#outbox.settle(Number.POSITIVE_INFINITY);
    this.#outbox = new Outbox();
    for (const { ticket, wasSent } of open) ticket.failed(wasSent ? unknownOutcome() : noQuorum());
  }
}

function unknownOutcome(): GroupError {
  const message = "the command was given to a leader, and nobody said what became of it";
  return new GroupError("GROUP_UNKNOWN_OUTCOME", message);
}

/** There was no leader in time. */
export function noQuorum(): GroupError {
  return new GroupError("GROUP_NO_QUORUM", "there is no leader", { retryable: true });
}
