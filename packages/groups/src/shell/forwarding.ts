import type { Frame } from "../core/frames.ts";
import type { Outcome, ReadOutcome, Refusal } from "../raft/effects.ts";
import type { Input } from "../raft/input.ts";
import type { MemberId } from "../raft/member.ts";

/** Who asked, and by which number of its own. */
interface Origin {
  /** Absent: this node itself. */
  readonly member: MemberId | undefined;
  readonly id: number;
}

/** What is told to whoever asked at this node. */
export interface ForwardingListener {
  /** The leader gave a submission its place, or refused it. */
  submitted(id: number, index: number, refusal: Refusal | undefined): void;
  /** A state from `index` on may answer; absent: ask again. */
  readAnswered(id: number, index: number | undefined): void;
}

/** What forwarding is made with. */
export interface ForwardingInit {
  readonly me: MemberId;
  readonly post: (...inputs: readonly Input[]) => void;
  readonly send: (to: MemberId, frame: Frame) => void;
  readonly listener: ForwardingListener;
}

/**
 * The way to the leader, wherever it is: asks it on behalf of this node, and, where this node leads,
 * asks the core on behalf of the others.
 */
export class Forwarding {
  readonly #init: ForwardingInit;
  readonly #origins = new Map<number, Origin>();
  #nextId = 1;
  #leader: MemberId | undefined;

  constructor(init: ForwardingInit) {
    this.#init = init;
  }

  /** Says who leads and can be reached; absent: nobody. */
  set leader(leader: MemberId | undefined) {
    this.#leader = leader;
  }

  /** Whether there is somebody to ask. */
  get isOpen(): boolean {
    return this.#leader !== undefined;
  }

  /** Gives entries to the leader. */
  submit(id: number, entries: readonly Uint8Array[]): void {
    const { me, send } = this.#init;
    if (this.#leader === me) this.#propose({ member: undefined, id }, entries);
    else if (this.#leader !== undefined) send(this.#leader, { kind: "submit", id, entries });
  }

  /** Asks the leader for a position to read at. */
  read(id: number): void {
    const { me, send } = this.#init;
    if (this.#leader === me) this.#read({ member: undefined, id });
    else if (this.#leader !== undefined) send(this.#leader, { kind: "read", id });
  }

  /** Asks the leader to hand over. */
  transfer(to: MemberId): void {
    const { me, post, send } = this.#init;
    if (this.#leader === me) post({ kind: "transfer", to });
    else if (this.#leader !== undefined) send(this.#leader, { kind: "transfer", to });
  }

  /** Asks the leader to take this member out; where this leads, hands over to an heir first. */
  leave(heir: MemberId | undefined): void {
    const { me, post, send } = this.#init;
    if (this.#leader !== undefined && this.#leader !== me) send(this.#leader, { kind: "leave" });
    else if (this.#leader === me && heir !== undefined) post({ kind: "transfer", to: heir });
  }

  /** Another member takes this node for the leader, or answers as one. */
  received(from: MemberId, frame: Frame): void {
    const { listener } = this.#init;
    if (frame.kind === "submit") this.#propose({ member: from, id: frame.id }, frame.entries);
    else if (frame.kind === "read") this.#read({ member: from, id: frame.id });
    else if (frame.kind === "submitted" && from === this.#leader) {
      listener.submitted(frame.id, frame.index, frame.refusal);
    } else if (frame.kind === "read-answer" && from === this.#leader) {
      listener.readAnswered(frame.id, frame.ok ? frame.index : undefined);
    }
  }

  /** What the core says of a proposal. What becomes of it later is seen where it is applied. */
  outcome(outcome: Outcome): void {
    if (outcome.kind !== "accepted" && outcome.kind !== "refused") return;
    const origin = this.#origins.get(outcome.id);
    this.#origins.delete(outcome.id);
    if (origin === undefined) return;
    const index = outcome.kind === "accepted" ? outcome.index : 0;
    const refusal = outcome.kind === "refused" ? outcome.reason : undefined;
    const { member, id } = origin;
    if (member === undefined) this.#init.listener.submitted(id, index, refusal);
    else this.#init.send(member, { kind: "submitted", id, index, refusal });
  }

  /** What the core says of a read. */
  readOutcome(read: ReadOutcome): void {
    const origin = this.#origins.get(read.id);
    this.#origins.delete(read.id);
    if (origin === undefined) return;
    const ok = read.kind === "ready";
    const index = ok ? read.index : 0;
    const { member, id } = origin;
    if (member === undefined) this.#init.listener.readAnswered(id, ok ? index : undefined);
    else this.#init.send(member, { kind: "read-answer", id, index, ok });
  }

  #propose(origin: Origin, commands: readonly Uint8Array[]): void {
    const id = this.#nextId++;
    this.#origins.set(id, origin);
    this.#init.post({ kind: "propose", id, commands });
  }

  #read(origin: Origin): void {
    const id = this.#nextId++;
    this.#origins.set(id, origin);
    this.#init.post({ kind: "read", id });
  }
}
