import type { Frame } from "../core/frames.ts";
import type { Input } from "../raft/input.ts";
import type { MemberId } from "../raft/member.ts";
import type { DivergenceWatch } from "./divergence-watch.ts";
import type { Forwarding } from "./forwarding.ts";
import type { SnapshotTransfer } from "./snapshot-transfer.ts";

/** Where frames go. */
export interface FrameSorterInit {
  readonly post: (...inputs: readonly Input[]) => void;
  readonly forwarding: Forwarding;
  readonly snapshots: SnapshotTransfer;
  readonly divergence: DivergenceWatch;
}

/** Brings what a member sent to whom it concerns, in order; Raft messages that come together go together. */
export class FrameSorter {
  readonly #init: FrameSorterInit;

  constructor(init: FrameSorterInit) {
    this.#init = init;
  }

  /** Takes frames of a member whom the bond has proven. */
  take(from: MemberId, frames: readonly Frame[]): void {
    const { post } = this.#init;
    let inputs: Input[] = [];
    for (const frame of frames) {
      if (frame.kind === "raft") {
        inputs.push({ kind: "received", from, message: frame.message });
        continue;
      }
      if (inputs.length > 0) post(...inputs);
      inputs = [];
      this.#handle(from, frame);
    }
    if (inputs.length > 0) post(...inputs);
  }

  #handle(from: MemberId, frame: Exclude<Frame, { kind: "raft" }>): void {
    const { post, forwarding, snapshots, divergence } = this.#init;
    switch (frame.kind) {
      case "snapshot-offer":
      case "snapshot-fetch":
      case "snapshot-piece":
      case "snapshot-gone":
      case "snapshot-progress":
        return snapshots.received(from, frame);
      case "checkpoint":
        return divergence.other(from, frame);
      case "leave":
        return post({ kind: "remove", member: from });
      case "transfer":
        return post({ kind: "transfer", to: frame.to });
      default:
        return forwarding.received(from, frame);
    }
  }
}
