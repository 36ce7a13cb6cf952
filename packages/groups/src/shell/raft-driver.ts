import { type Clock, type Log, Mailbox, type Timer } from "@mosaik/primitives";
import { encodeFrame } from "../core/frames.ts";
import type { GroupLog } from "../log-storage.ts";
import type { Effects, Outcome, Persist, RaftEvent, ReadOutcome } from "../raft/effects.ts";
import type { Entry, SnapshotMeta } from "../raft/entry.ts";
import type { Input } from "../raft/input.ts";
import type { MemberId } from "../raft/member.ts";
import { votersOf } from "../raft/membership.ts";
import type { Append, InstallSnapshot, Message } from "../raft/messages.ts";
import type { RaftNode } from "../raft/raft-node.ts";
import type { RaftStatus } from "../raft/status.ts";

/** Who performs what the driver does not do itself, in the order in which these are called. */
export interface DriverListener {
  /** Sends a frame to a member. */
  send(to: MemberId, frame: Uint8Array): void;
  /** Brings a member the snapshot in force, then the message. */
  sendSnapshot(to: MemberId, message: InstallSnapshot): void;
  /** The state is to be the snapshot's, which is in force: at once, or when `durable` resolves. */
  restore(meta: SnapshotMeta, durable: Promise<void> | undefined): void;
  /**
   * Applies entries; `snapshot`: and takes one on the way, right after that position. `writes`: a batch
   * is about to be written, which others may wait for.
   */
  apply(entries: readonly Entry[], snapshot: SnapshotMeta | undefined, writes: boolean): void;
  outcome(outcome: Outcome): void;
  read(read: ReadOutcome): void;
  event(event: RaftEvent): void;
  /** Everything of a step was performed. */
  performed(): void;
  /** A rule broke: nothing may go on. */
  broken(error: unknown): void;
  /** The storage failed: nothing is acknowledged any more. */
  storageFailed(error: unknown): void;
}

/** What a driver is made with. */
export interface DriverInit {
  readonly node: RaftNode;
  readonly storage: GroupLog;
  readonly clock: Clock;
  readonly log: Log;
  readonly listener: DriverListener;
}

/**
 * Runs a {@link RaftNode}: takes inputs one after the other, performs what follows in the order that
 * {@link Effects} states, and lets time pass.
 */
export class RaftDriver {
  readonly #init: DriverInit;
  readonly #mailbox: Mailbox<readonly Input[]>;
  #timer: Timer | undefined;
  #tickAtMs = Number.POSITIVE_INFINITY;
  #written: Promise<void> = Promise.resolve();
  /** Who waits for a snapshot that is in a batch still to be written. */
  #awaited: { readonly index: number; readonly resolve: () => void }[] = [];
  #started = false;
  /** Appends without entries that are about to be sent, one a member. */
  #later = new Map<MemberId, Append>();
  #encoded: { readonly message: Append; readonly frame: Uint8Array } | undefined;

  constructor(init: DriverInit) {
    this.#init = init;
    this.#mailbox = new Mailbox((inputs) => this.#handle(inputs));
  }

  /** What the member is at the moment. */
  get status(): RaftStatus {
    return this.#init.node.status();
  }

  /** Who leads, as far as this member knows. */
  get leader(): MemberId | undefined {
    return this.#init.node.leader;
  }

  /** Up to where a member's log agrees with this leader's; unknown elsewhere. */
  positionOf(member: MemberId): number | undefined {
    return this.#init.node.positionOf(member);
  }

  /** Entries of the log from a position on, as far as no snapshot covers them. */
  entries(from: number, countMax: number): readonly Entry[] {
    return this.#init.node.entries(from, countMax);
  }

  /** Performs what is due at the start. */
  start(): void {
    this.post();
  }

  /** Takes in what happened, together: now, or when what is under way is done. */
  post(...inputs: readonly Input[]): void {
    this.#mailbox.post(inputs);
  }

  /** Takes in nothing more. */
  close(): void {
    this.#mailbox.close();
    this.#timer?.cancel();
  }

  /** Resolves when no write is on its way any more. */
  get idle(): Promise<void> {
    return this.#written;
  }

  #handle(inputs: readonly Input[]): void {
    const { node, clock, listener } = this.#init;
    try {
      const now = clock.monotonic();
      for (const input of inputs) node.step(input, now);
      this.#perform(node.take());
    } catch (error) {
      this.close();
      listener.broken(error);
    }
  }

  #perform(effects: Effects): void {
    const { listener } = this.#init;
    if (effects.persist) this.#persist(effects.persist);
    for (const { to, message } of effects.sends) this.#send(to, message);
    this.#encoded = undefined;
    if (effects.restore) listener.restore(effects.restore, this.#inForce(effects.restore));
    if (effects.apply.length > 0) {
      listener.apply(effects.apply, effects.snapshot, effects.persist !== undefined);
    }
    for (const outcome of effects.outcomes) listener.outcome(outcome);
    for (const read of effects.reads) listener.read(read);
    for (const event of effects.events) listener.event(event);
    this.#started = true;
    listener.performed();
    this.#schedule();
  }

  #persist(batch: Persist): void {
    const { storage, listener } = this.#init;
    const { sequence } = batch;
    const { role, configuration } = this.status;
    const inBackground = role === "leader" && votersOf(configuration).length > 1;
    this.#written = storage.append({ ...batch, inBackground }).then(
      () => {
        if (batch.snapshot) this.#nowInForce(batch.snapshot.index);
        this.post({ kind: "persisted", sequence });
      },
      (error: unknown) => {
        if (this.#mailbox.closed) return;
        this.post({ kind: "storage-failed" });
        listener.storageFailed(error);
      },
    );
  }

  /** When a snapshot is in force: at the start it is already. */
  #inForce({ index }: SnapshotMeta): Promise<void> | undefined {
    if (!this.#started) return undefined;
    return new Promise((resolve) => this.#awaited.push({ index, resolve }));
  }

  #nowInForce(index: number): void {
    const awaited = this.#awaited;
    this.#awaited = awaited.filter((one) => one.index > index);
    for (const one of awaited) if (one.index <= index) one.resolve();
  }

  #send(to: MemberId, message: Message): void {
    const { listener } = this.#init;
    if (message.kind === "snapshot") return listener.sendSnapshot(to, message);
    if (message.kind !== "append") return listener.send(to, encodeFrame({ kind: "raft", message }));
    if (message.entries.length === 0) return this.#sendLater(to, message);
    if (this.#later.get(to)?.prevIndex === message.prevIndex) this.#later.delete(to);
    this.#sendAppend(to, message);
  }

  /**
   * An append without entries mostly says how far the log is committed. The next one says so too,
   * and is often given by whoever that is told to: it waits for one turn of the event loop more.
   */
  #sendLater(to: MemberId, message: Append): void {
    const { clock } = this.#init;
    if (this.#later.size === 0) clock.soon(() => clock.soon(() => this.#sendNow()));
    const answered = message.answered || this.#later.get(to)?.answered === true;
    this.#later.set(to, { ...message, answered });
  }

  #sendNow(): void {
    const later = this.#later;
    this.#later = new Map();
    if (this.#mailbox.closed) return;
    for (const [to, message] of later) this.#sendAppend(to, message);
    this.#encoded = undefined;
  }

  #sendAppend(to: MemberId, message: Append): void {
    if (this.#encoded === undefined || !saysTheSame(this.#encoded.message, message)) {
      this.#encoded = { message, frame: encodeFrame({ kind: "raft", message }) };
    }
    this.#init.listener.send(to, this.#encoded.frame);
  }

  #schedule(): void {
    const { node, clock } = this.#init;
    const due = node.nextDeadlineMs;
    if (due >= this.#tickAtMs || !Number.isFinite(due) || this.#mailbox.closed) return;
    this.#timer?.cancel();
    this.#tickAtMs = due;
    this.#timer = clock.after(Math.max(0, due - clock.monotonic()), () => this.#tick());
  }

  /** The deadline may have moved on meanwhile: then nothing happens but another wait. */
  #tick(): void {
    this.#tickAtMs = Number.POSITIVE_INFINITY;
    const { node, clock } = this.#init;
    if (node.nextDeadlineMs <= clock.monotonic()) this.post({ kind: "tick" });
    else this.#schedule();
  }
}

/** Whether two appends of one step are the same bytes, so that they are encoded once. */
function saysTheSame(one: Append, other: Append): boolean {
  return (
    one.prevIndex === other.prevIndex &&
    one.entries.length === other.entries.length &&
    one.entries.every((entry, at) => entry === other.entries[at]) &&
    one.commit === other.commit &&
    one.answered === other.answered &&
    one.term === other.term
  );
}
