import type { Frame } from "../core/frames.ts";
import type { Input } from "../raft/input.ts";
import type { MemberId } from "../raft/member.ts";
import type { InstallSnapshot } from "../raft/messages.ts";
import type { DivergenceWatch } from "./divergence-watch.ts";
import type { Forwarding } from "./forwarding.ts";
import type { SnapshotReceiver } from "./snapshot-receiver.ts";
import type { SnapshotSender } from "./snapshot-sender.ts";

/** Where frames go. */
export interface FrameSorterInit {
  readonly post: (...inputs: readonly Input[]) => void;
  readonly forwarding: Forwarding;
  readonly sender: SnapshotSender;
  readonly receiver: SnapshotReceiver;
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
      if (frame.kind === "raft" && frame.message.kind !== "snapshot") {
        inputs.push({ kind: "received", from, message: frame.message });
        continue;
      }
      if (inputs.length > 0) post(...inputs);
      inputs = [];
      if (frame.kind !== "raft") this.#handle(from, frame);
      else if (frame.message.kind === "snapshot") this.#install(from, frame.message);
    }
    if (inputs.length > 0) post(...inputs);
  }

  /** Where the core takes it, `restore` follows before this returns, and it counts as in force. */
  #install(from: MemberId, message: InstallSnapshot): void {
    const { post, receiver } = this.#init;
    if (!receiver.isStaged(from, message.meta)) return;
    post({ kind: "received", from, message });
    receiver.over(false);
  }

  #handle(from: MemberId, frame: Exclude<Frame, { kind: "raft" }>): void {
    const { post, forwarding, sender, receiver, divergence } = this.#init;
    switch (frame.kind) {
      case "snapshot-begin":
        return receiver.begin(from, frame);
      case "snapshot-piece":
        return receiver.piece(from, frame);
      case "snapshot-taken":
        return sender.taken(from, frame);
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
