import { type Clock, equalBytes, type Log, type Timer } from "@mosaik/primitives";
import { snapshotProgressMs } from "../config.ts";
import type { Frame, SnapshotName } from "../core/frames.ts";
import { PiecePlan } from "../core/piece-plan.ts";
import { type GroupLog, type SnapshotStage, snapshotChunkBytesMax } from "../log-storage.ts";
import type { MemberId } from "../raft/member.ts";
import type { InstallSnapshot } from "../raft/messages.ts";
import type { Hash } from "../storage/core/record.ts";

type Of<Kind extends Frame["kind"]> = Extract<Frame, { kind: Kind }>;

interface Transfer {
  /** Who offered it last, and with what message. */
  from: MemberId;
  message: InstallSnapshot;
  readonly hashes: Uint8Array;
  readonly plan: PiecePlan;
  readonly stage: SnapshotStage;
  isWriting: boolean;
  isStaged: boolean;
  /** Offered since it was last installed: an offer whose term was over counts once. */
  isOffered: boolean;
  toldMs: number;
}

/** What a receiver is made with. */
export interface SnapshotReceiverInit {
  readonly storage: GroupLog;
  readonly clock: Clock;
  readonly hash: Hash;
  readonly log: Log;
  readonly send: (to: MemberId, frame: Frame) => void;
  /** Whether this member keeps the state; where not, snapshots are staged empty. */
  readonly keepsState: boolean;
  /** Members with a bond that keep the state. */
  readonly providers: () => Iterable<MemberId>;
  /** Whether a snapshot would take this member further. */
  readonly isNeeded: (name: SnapshotName) => boolean;
  /** Whether a member may be the leader of a term, as far as is known here. */
  readonly mayLead: (id: MemberId, term: number) => boolean;
  /** What a message offers is staged whole, and as offered; whether it is in force is told by `installed`. */
  readonly install: (from: MemberId, message: InstallSnapshot) => void;
}

/**
 * Fetches the snapshot that a leader offers, a few pieces at a time, from whoever has it, and stages
 * it. What is staged outlives lost bonds and leaders: it counts again as soon as a leader offers the
 * same. One at a time, a later one in place of an earlier.
 */
export class SnapshotReceiver {
  readonly #init: SnapshotReceiverInit;
  #transfer: Transfer | undefined;
  #timer: Timer | undefined;

  constructor(init: SnapshotReceiverInit) {
    this.#init = init;
  }

  /** A member, who says that it leads, offers a snapshot. */
  offered(from: MemberId, { message, hashes }: Of<"snapshot-offer">): void {
    const { isNeeded, mayLead } = this.#init;
    if (!isNeeded(message.meta) || !mayLead(from, message.term)) return;
    const present = this.#transfer;
    if (
      present &&
      isSame(present.message.meta, message.meta) &&
      equalBytes(present.hashes, hashes)
    ) {
      present.from = from;
      present.message = message;
      present.isOffered = true;
      present.plan.leader = from;
    } else this.#begin(from, message, hashes.slice());
    this.#tell(true);
    this.#go();
  }

  /** A piece arrived. */
  piece(from: MemberId, { piece, bytes, ...name }: Of<"snapshot-piece">): void {
    const plan = this.#planOf(name);
    if (plan === undefined) return;
    const arrival = plan.arrived(from, piece, bytes.slice(), this.#init.clock.monotonic());
    if (arrival === "wrong") {
      this.#init.log.warn("a member sent another snapshot than was offered", { from, piece });
    }
    this.#go();
  }

  /** A member does not have the snapshot. */
  gone(from: MemberId, name: Of<"snapshot-gone">): void {
    this.#planOf(name)?.gone(from, this.#init.clock.monotonic());
    this.#go();
  }

  /** There is a bond with another member that keeps the state. */
  bonded(id: MemberId): void {
    this.#transfer?.plan.provide(id);
    this.#go();
  }

  /** The bond with a member is lost. */
  lost(id: MemberId): void {
    this.#transfer?.plan.withdraw(id, this.#init.clock.monotonic());
    this.#go();
  }

  /** What was staged is in force. */
  installed(): void {
    this.#timer?.cancel();
    this.#transfer = undefined;
  }

  /** Gives up what is staged. */
  close(): void {
    const { stage } = this.#transfer ?? {};
    this.installed();
    void stage?.discard().catch(() => {}); // a restart forgets it
  }

  #begin(from: MemberId, message: InstallSnapshot, hashes: Uint8Array): void {
    this.close();
    const { storage, keepsState, providers, log } = this.#init;
    try {
      const stage = storage.stageSnapshot(message.meta);
      const plan = new PiecePlan(keepsState ? hashes.byteLength / 32 : 0, from, (piece, bytes) => {
        const hash = hashes.subarray(piece * 32, piece * 32 + 32);
        return (
          bytes.byteLength <= snapshotChunkBytesMax && equalBytes(this.#init.hash(bytes), hash)
        );
      });
      for (const id of providers()) plan.provide(id);
      const start = { isWriting: false, isStaged: false, isOffered: true, toldMs: 0 };
      this.#transfer = { from, message, hashes, plan, stage, ...start };
    } catch (error) {
      log.warn("a snapshot cannot be staged", { from, error }); // it is offered again
    }
  }

  #planOf(name: SnapshotName): PiecePlan | undefined {
    const transfer = this.#transfer;
    return transfer && isSame(transfer.message.meta, name) ? transfer.plan : undefined;
  }

  /** Asks for what is to be asked for, and writes what is there. */
  #go(): void {
    const { clock, send } = this.#init;
    const transfer = this.#transfer;
    if (transfer === undefined) return;
    const { plan, message } = transfer;
    const { index, term } = message.meta;
    const now = clock.monotonic();
    for (const { to, piece } of plan.requests(now)) {
      send(to, { kind: "snapshot-fetch", index, term, piece });
    }
    if (plan.isHopeless) return this.#giveUp();
    void this.#write(transfer);
    this.#timer?.cancel();
    const next = plan.nextMs(now);
    if (Number.isFinite(next)) this.#timer = clock.after(next - now, () => this.#go());
  }

  async #write(transfer: Transfer): Promise<void> {
    if (transfer.isWriting) return;
    transfer.isWriting = true;
    const { plan, stage } = transfer;
    try {
      for (let bytes = plan.next; bytes; bytes = plan.next) {
        await stage.write(bytes);
        if (this.#transfer !== transfer) return;
        plan.handOn();
        this.#tell(false);
        this.#go();
      }
      if (plan.isWhole) await this.#finish(transfer);
    } catch (error) {
      if (this.#transfer !== transfer) return;
      this.#init.log.warn("a snapshot could not be staged", { from: transfer.from, error });
      this.#giveUp();
    } finally {
      transfer.isWriting = false;
    }
  }

  /** Where the leader's term is over, what is staged waits for the next one's offer. */
  async #finish(transfer: Transfer): Promise<void> {
    if (!transfer.isStaged) await transfer.stage.finish();
    if (this.#transfer !== transfer) return;
    transfer.isStaged = true;
    if (!transfer.isOffered) return;
    transfer.isOffered = false;
    this.#init.install(transfer.from, transfer.message);
    if (this.#transfer === transfer && !this.#init.isNeeded(transfer.message.meta)) this.close();
  }

  /** Tells the leader that there is progress: now and then, or now. */
  #tell(isDue: boolean): void {
    const { clock, send } = this.#init;
    const transfer = this.#transfer;
    const now = clock.monotonic();
    if (transfer === undefined || (!isDue && now - transfer.toldMs < snapshotProgressMs)) return;
    transfer.toldMs = now;
    const { index, term } = transfer.message.meta;
    send(transfer.from, { kind: "snapshot-progress", index, term, ok: true });
  }

  #giveUp(): void {
    const transfer = this.#transfer;
    if (transfer === undefined) return;
    this.close();
    const { index, term } = transfer.message.meta;
    this.#init.send(transfer.from, { kind: "snapshot-progress", index, term, ok: false });
  }
}

function isSame(one: SnapshotName, other: SnapshotName): boolean {
  return one.index === other.index && one.term === other.term;
}
