import type { Clock, Log } from "@mosaik/primitives";
import type { Frame } from "../core/frames.ts";
import type { GroupLog } from "../log-storage.ts";
import type { Input } from "../raft/input.ts";
import type { MemberId, MemberKind } from "../raft/member.ts";
import type { InstallSnapshot } from "../raft/messages.ts";
import type { RaftStatus } from "../raft/status.ts";
import type { Hash } from "../storage/core/record.ts";
import { SnapshotReceiver } from "./snapshot-receiver.ts";
import { SnapshotSender } from "./snapshot-sender.ts";

/** What members say about snapshots. */
export type SnapshotFrame = Extract<Frame, { kind: `snapshot-${string}` }>;

/** What the transfer of snapshots is made with. */
export interface SnapshotTransferInit {
  readonly storage: GroupLog;
  readonly clock: Clock;
  /** SHA-256. */
  readonly hash: Hash;
  readonly log: Log;
  readonly kind: MemberKind;
  readonly status: () => RaftStatus;
  readonly send: (to: MemberId, frame: Frame) => void;
  readonly isFull: (to: MemberId) => boolean;
  readonly post: (input: Input) => void;
}

/** A member's part in bringing snapshots to those that are far behind: both sides of it. */
export class SnapshotTransfer {
  readonly #sender: SnapshotSender;
  readonly #receiver: SnapshotReceiver;
  /** Members with a bond that keep the state. */
  readonly #keepers = new Set<MemberId>();

  constructor(init: SnapshotTransferInit) {
    const { kind, status, post } = init;
    this.#sender = new SnapshotSender(init);
    this.#receiver = new SnapshotReceiver({
      ...init,
      keepsState: kind !== "witness",
      providers: () => this.#keepers,
      isNeeded: ({ index }) => status().commit < index,
      mayLead: (from, term) => mayLead(status(), from, term),
      install: (from, message) => post({ kind: "received", from, message }),
    });
  }

  /** Offers a member a snapshot. */
  offer(to: MemberId, message: InstallSnapshot): void {
    this.#sender.offer(to, message);
  }

  /** What was staged is in force. */
  installed(): void {
    this.#receiver.installed();
  }

  /** There is a bond with a member. */
  bonded(member: MemberId, kind: MemberKind): void {
    if (kind === "witness") return;
    this.#keepers.add(member);
    this.#receiver.bonded(member);
  }

  /** The bond with a member is lost. */
  lost(member: MemberId): void {
    this.#keepers.delete(member);
    this.#sender.drop(member);
    this.#receiver.lost(member);
  }

  /** Takes what a member sent. */
  received(from: MemberId, frame: SnapshotFrame): void {
    switch (frame.kind) {
      case "snapshot-offer":
        return this.#receiver.offered(from, frame);
      case "snapshot-fetch":
        return this.#sender.fetch(from, frame);
      case "snapshot-piece":
        return this.#receiver.piece(from, frame);
      case "snapshot-gone":
        return this.#receiver.gone(from, frame);
      case "snapshot-progress":
        return this.#sender.progress(from, frame);
      default:
        return frame satisfies never;
    }
  }

  /** Gives up all. */
  close(): void {
    this.#sender.close();
    this.#receiver.close();
  }
}

/** Whether a member may lead a term, as far as is known. */
function mayLead(status: RaftStatus, id: MemberId, term: number): boolean {
  const isKnown = term === status.term && status.leader !== undefined;
  return isKnown ? status.leader === id : term >= status.term;
}
