import type { Log } from "@mosaik/primitives";
import { snapshotPiecesInFlight } from "../config.ts";
import type { Frame } from "../core/frames.ts";
import type { GroupLog, SnapshotSource } from "../log-storage.ts";
import type { MemberId } from "../raft/member.ts";
import type { InstallSnapshot } from "../raft/messages.ts";

interface Transfer {
  readonly number: number;
  readonly message: InstallSnapshot;
  source: SnapshotSource | undefined;
  sent: number;
  taken: number;
  busy: boolean;
}

/** What a sender is made with. */
export interface SnapshotSenderInit {
  readonly storage: GroupLog;
  readonly log: Log;
  readonly send: (to: MemberId, frame: Frame) => void;
  /** A snapshot could not be brought to a member. */
  readonly failed: (to: MemberId) => void;
}

/** Brings snapshots to members, a few pieces at a time; one transfer a member. */
export class SnapshotSender {
  readonly #init: SnapshotSenderInit;
  readonly #transfers = new Map<MemberId, Transfer>();
  #next = 1;

  constructor(init: SnapshotSenderInit) {
    this.#init = init;
  }

  /** Brings a member the snapshot in force, then the message that puts it in force there. */
  begin(to: MemberId, message: InstallSnapshot): void {
    this.drop(to);
    const transfer: Transfer = {
      number: this.#next++,
      message,
      source: undefined,
      sent: 0,
      taken: 0,
      busy: false,
    };
    this.#transfers.set(to, transfer);
    void this.#open(to, transfer);
  }

  /** A member says how far it is. */
  taken(from: MemberId, frame: Extract<Frame, { kind: "snapshot-taken" }>): void {
    const transfer = this.#transfers.get(from);
    if (transfer?.number !== frame.transfer) return;
    if (!frame.ok) {
      this.drop(from);
      return this.#init.failed(from);
    }
    transfer.taken = Math.max(transfer.taken, Math.min(frame.pieces, transfer.sent));
    void this.#pump(from, transfer);
  }

  /** Gives up the transfer to a member. */
  drop(to: MemberId): void {
    const transfer = this.#transfers.get(to);
    this.#transfers.delete(to);
    void transfer?.source?.close();
  }

  /** Gives up all. */
  close(): void {
    for (const to of [...this.#transfers.keys()]) this.drop(to);
  }

  async #open(to: MemberId, transfer: Transfer): Promise<void> {
    try {
      const source = await this.#init.storage.openSnapshot();
      if (this.#transfers.get(to) !== transfer) return await source?.close();
      if (source === undefined) throw new Error("there is no snapshot");
      transfer.source = source;
      const { number } = transfer;
      const { meta, chunks: pieces } = source;
      this.#init.send(to, { kind: "snapshot-begin", transfer: number, meta, pieces });
      await this.#pump(to, transfer);
    } catch (error) {
      this.#fail(to, transfer, error);
    }
  }

  async #pump(to: MemberId, transfer: Transfer): Promise<void> {
    const { source, number } = transfer;
    if (source === undefined || transfer.busy) return;
    transfer.busy = true;
    try {
      while (
        transfer.sent < source.chunks &&
        transfer.sent - transfer.taken < snapshotPiecesInFlight
      ) {
        const bytes = await source.read(transfer.sent);
        if (this.#transfers.get(to) !== transfer) return;
        const piece = transfer.sent++;
        this.#init.send(to, { kind: "snapshot-piece", transfer: number, number: piece, bytes });
      }
    } catch (error) {
      return this.#fail(to, transfer, error);
    } finally {
      transfer.busy = false;
    }
    if (transfer.taken < source.chunks) return;
    const message = { ...transfer.message, meta: source.meta };
    this.drop(to);
    this.#init.send(to, { kind: "raft", message });
  }

  #fail(to: MemberId, transfer: Transfer, error: unknown): void {
    if (this.#transfers.get(to) !== transfer) return;
    this.#init.log.warn("a snapshot could not be sent", { to, error });
    this.drop(to);
    this.#init.failed(to);
  }
}
