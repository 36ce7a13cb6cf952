import type { PeerId } from "@mosaik/primitives";
import type { SnapshotMeta } from "../raft/entry.ts";
import type { Input } from "../raft/input.ts";
import type { SnapshotListener } from "./apply-queue.ts";
import type { StatusBoard } from "./member-status.ts";

/** What is told of snapshots, and where. */
export interface SnapshotNewsInit {
  readonly peer: PeerId;
  readonly board: StatusBoard;
  readonly post: (input: Input) => void;
}

/** Tells the core and the status what became of snapshots of the own state. */
export class SnapshotNews implements SnapshotListener {
  readonly #init: SnapshotNewsInit;

  constructor(init: SnapshotNewsInit) {
    this.#init = init;
  }

  saved(meta: SnapshotMeta, bytes: number): void {
    this.#init.board.calm(reason);
    this.#init.post({ kind: "snapshot-saved", meta, bytes });
  }

  missed(error: unknown): void {
    const { board, peer, post } = this.#init;
    if (error !== undefined) board.alarm(peer, reason);
    post({ kind: "snapshot-missed" });
  }
}

const reason = "a snapshot could not be taken";
