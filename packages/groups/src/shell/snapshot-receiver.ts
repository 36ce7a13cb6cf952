import type { Log } from "@mosaik/primitives";
import { snapshotPiecesMax } from "../config.ts";
import type { Frame } from "../core/frames.ts";
import { type GroupLog, type SnapshotStage, snapshotChunkBytesMax } from "../log-storage.ts";
import type { SnapshotMeta } from "../raft/entry.ts";
import type { MemberId } from "../raft/member.ts";

interface Reception {
  readonly from: MemberId;
  readonly transfer: number;
  readonly meta: SnapshotMeta;
  readonly pieces: number;
  readonly stage: SnapshotStage;
  /** Pieces that arrived. */
  arrived: number;
  finished: boolean;
  /** What is written after what. */
  work: Promise<void>;
}

/** What a receiver is made with. */
export interface SnapshotReceiverInit {
  readonly storage: GroupLog;
  readonly log: Log;
  readonly send: (to: MemberId, frame: Frame) => void;
}

/** Stages the snapshot that a member sends; one at a time, a later one in place of an earlier. */
export class SnapshotReceiver {
  readonly #init: SnapshotReceiverInit;
  #reception: Reception | undefined;

  constructor(init: SnapshotReceiverInit) {
    this.#init = init;
  }

  /** A member begins to send one. */
  begin(from: MemberId, frame: Extract<Frame, { kind: "snapshot-begin" }>): void {
    this.#discard();
    const { transfer, meta, pieces } = frame;
    try {
      if (pieces > snapshotPiecesMax) throw new RangeError("a snapshot of too many pieces");
      const stage = this.#init.storage.stageSnapshot(meta);
      const work = Promise.resolve();
      const base = { from, transfer, meta, pieces, stage, work };
      this.#reception = { ...base, arrived: 0, finished: false };
      if (pieces === 0) this.#finish(this.#reception);
    } catch (error) {
      this.#init.log.warn("a snapshot cannot be staged", { from, error });
      this.#init.send(from, { kind: "snapshot-taken", transfer, pieces: 0, ok: false });
    }
  }

  /** A piece of it. */
  piece(from: MemberId, frame: Extract<Frame, { kind: "snapshot-piece" }>): void {
    const reception = this.#reception;
    if (reception?.from !== from || reception.transfer !== frame.transfer) return;
    const { number, bytes } = frame;
    const isNext = number === reception.arrived && number < reception.pieces;
    if (!isNext || bytes.byteLength > snapshotChunkBytesMax) return this.#refuse(reception);
    reception.arrived++;
    this.#then(reception, async () => {
      await reception.stage.write(bytes);
      if (number + 1 < reception.pieces) this.#tell(reception, number + 1);
    });
    if (reception.arrived === reception.pieces) this.#finish(reception);
  }

  /** Whether a snapshot of a member is staged whole, so that it may come into force. */
  isStaged(from: MemberId, meta: SnapshotMeta): boolean {
    const reception = this.#reception;
    return (
      reception?.finished === true &&
      reception.from === from &&
      reception.meta.index === meta.index &&
      reception.meta.term === meta.term
    );
  }

  /** What was staged was put in force, or is not wanted. */
  over(inForce: boolean): void {
    if (inForce) this.#reception = undefined;
    else this.#discard();
  }

  /** The bond with a member is lost: no more pieces will come. */
  lost(from: MemberId): void {
    if (this.#reception?.from === from) this.#discard();
  }

  /** Gives up what is staged. */
  close(): void {
    this.#discard();
  }

  #finish(reception: Reception): void {
    this.#then(reception, async () => {
      await reception.stage.finish();
      if (this.#reception !== reception) return;
      reception.finished = true;
      this.#tell(reception, reception.pieces);
    });
  }

  #tell({ from, transfer }: Reception, pieces: number): void {
    this.#init.send(from, { kind: "snapshot-taken", transfer, pieces, ok: true });
  }

  #then(reception: Reception, work: () => Promise<void>): void {
    reception.work = reception.work
      .then(() => (this.#reception === reception ? work() : undefined))
      .catch((error: unknown) => {
        if (this.#reception !== reception) return;
        this.#init.log.warn("a snapshot could not be staged", { from: reception.from, error });
        this.#refuse(reception);
      });
  }

  #refuse(reception: Reception): void {
    const { from, transfer } = reception;
    this.#discard();
    this.#init.send(from, { kind: "snapshot-taken", transfer, pieces: 0, ok: false });
  }

  #discard(): void {
    const reception = this.#reception;
    this.#reception = undefined;
    if (reception === undefined) return;
    void reception.work.then(() => reception.stage.discard()).catch(() => {}); // a restart forgets it
  }
}
