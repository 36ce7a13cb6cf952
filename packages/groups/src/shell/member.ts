import type { Discovery } from "@mosaik/discovery";
import { encodeHex, type Log, type PeerId, WatchSource } from "@mosaik/primitives";
import type { ServiceContext } from "@mosaik/transport";
import { Bonds, type BondsListener } from "../bonds/bonds.ts";
import { askAgainHeartbeats, conflictsMax, patienceElections, patienceMinMs } from "../config.ts";
import type { Frame } from "../core/frames.ts";
import type { GroupIdentity } from "../core/group-identity.ts";
import type { Applied } from "../core/replica.ts";
import { Replica } from "../core/replica.ts";
import { StateCompare } from "../core/state-compare.ts";
import { GroupError } from "../errors.ts";
import type { GroupStatus } from "../groups.ts";
import type { GroupLog } from "../log-storage.ts";
import type { RaftEvent } from "../raft/effects.ts";
import type { Entry, SnapshotMeta } from "../raft/entry.ts";
import type { Input } from "../raft/input.ts";
import type { RaftLimits } from "../raft/limits.ts";
import { type InstanceId, type MemberId, type MemberKind, memberId } from "../raft/member.ts";
import type { InstallSnapshot } from "../raft/messages.ts";
import { RaftNode, type RaftStatus } from "../raft/raft-node.ts";
import type { MachineDefinition } from "../state-machine.ts";
import { ApplyQueue } from "./apply-queue.ts";
import { CommandDesk } from "./command-desk.ts";
import { Forwarding } from "./forwarding.ts";
import { blankStatus, statusOf } from "./member-status.ts";
import { RaftDriver } from "./raft-driver.ts";
import { ReadDesk } from "./read-desk.ts";
import { SnapshotReceiver } from "./snapshot-receiver.ts";
import { SnapshotSender } from "./snapshot-sender.ts";

/** What a member is made with. */
export interface MemberInit<Command, Result, Query, Answer> {
  readonly context: ServiceContext;
  readonly discovery: Discovery;
  readonly identity: GroupIdentity;
  readonly definition: MachineDefinition<Command, Result, Query, Answer>;
  readonly kind: MemberKind;
  readonly limits: RaftLimits;
  readonly admit: (peer: PeerId) => boolean;
  readonly storage: GroupLog;
}

/**
 * This node's member of a group: the core and everything that performs what it decides, each piece
 * told what concerns it.
 */
export class Member<Command, Result, Query, Answer> implements BondsListener {
  readonly id: MemberId;
  readonly status: WatchSource<GroupStatus>;
  readonly replica: Replica<Command, Result, Query, Answer>;
  readonly commands: CommandDesk<Result>;
  readonly reads: ReadDesk;
  readonly bonds: Bonds;
  readonly #init: MemberInit<Command, Result, Query, Answer>;
  readonly #log: Log;
  readonly #driver: RaftDriver;
  readonly #forwarding: Forwarding;
  readonly #queue: ApplyQueue<Result>;
  readonly #sender: SnapshotSender;
  readonly #receiver: SnapshotReceiver;
  readonly #compare = new StateCompare();
  readonly #conflicts = new Set<string>();
  /** Grows with each bond made: what was given on an earlier one may be lost. */
  #epoch = 0;
  #route = "";
  #leaderHeardMs = Number.NEGATIVE_INFINITY;
  #compared = 0;
  #failure: GroupError | undefined;

  constructor(init: MemberInit<Command, Result, Query, Answer>) {
    const { context, identity, storage, definition, limits, kind } = init;
    const { clock, random } = context;
    this.#init = init;
    this.#log = context.log.child(identity.announced.slice(0, 8));
    this.id = memberId(context.peer, storage.incarnation);
    this.status = new WatchSource(blankStatus);
    this.replica = new Replica(definition, (error, position) =>
      this.#log.warn("the machine threw", { position, error }),
    );
    const send = (to: MemberId, frame: Frame): void => this.bonds.send(to, frame);
    const post = (...inputs: readonly Input[]): void => this.#driver.post(...inputs);
    this.#sender = new SnapshotSender({
      storage,
      log: this.#log,
      send,
      failed: (to) => post({ kind: "snapshot-failed", to }),
    });
    this.#receiver = new SnapshotReceiver({ storage, log: this.#log, send });
    this.#forwarding = new Forwarding({ me: this.id, post, send, listener: this });
    this.#queue = new ApplyQueue<Result>({
      replica: kind === "witness" ? undefined : this.replica,
      storage,
      log: this.#log,
      listener: this,
    });
    const shared = {
      clock,
      patienceMs: Math.max(patienceMinMs, patienceElections * limits.electionMaxMs),
      againMs: askAgainHeartbeats * limits.heartbeatMs,
      position: () => this.#queue.position,
      isOpen: () => this.#forwarding.isOpen,
    };
    this.commands = new CommandDesk<Result>({
      ...shared,
      random,
      replica: this.replica,
      submit: (id, entries) => this.#forwarding.submit(id, entries),
    });
    this.reads = new ReadDesk({ ...shared, ask: (id) => this.#forwarding.read(id) });
    const node = new RaftNode({
      id: this.id,
      kind,
      limits,
      random,
      stored: storage.stored,
      freshInstance: encodeHex(random.bytes(16)) as InstanceId, // drawn here, for a founding
      nowMs: clock.monotonic(),
    });
    this.#driver = new RaftDriver({ node, storage, clock, log: this.#log, listener: this });
    this.bonds = new Bonds({
      context,
      discovery: init.discovery,
      identity,
      incarnation: storage.incarnation,
      memberKind: kind,
      admit: init.admit,
      listener: this,
    });
    this.#driver.start();
    this.bonds.recorded(this.#recordedPeers());
  }

  /** How long ago the leader was heard, ms: 0 where this is it. */
  get staleMs(): number {
    const { role } = this.#driver.status;
    return role === "leader" ? 0 : this.#init.context.clock.monotonic() - this.#leaderHeardMs;
  }

  /** Why it stopped, where it did. */
  get failure(): GroupError | undefined {
    return this.#failure;
  }

  /** Whether it keeps no state. */
  get isWitness(): boolean {
    return this.#init.kind === "witness";
  }

  /** The last position applied. */
  get position(): number {
    return this.#queue.position;
  }

  /** Asks the leader, wherever it is, to hand over. */
  transfer(to: MemberId): void {
    const { leader } = this.#driver.status;
    if (leader === this.id) this.#driver.post({ kind: "transfer", to });
    else if (leader !== undefined) this.bonds.send(leader, { kind: "transfer", to });
  }

  /** Asks the leader, wherever it is, to take this member out; hands over first where this leads. */
  askToLeave(): void {
    const { leader, configuration } = this.#driver.status;
    if (leader !== this.id) {
      if (leader !== undefined) this.bonds.send(leader, { kind: "leave" });
      return;
    }
    const heir = configuration.members.find(
      ({ id, kind, voting }) => id !== this.id && kind === "data" && voting && this.bonds.has(id),
    );
    if (heir) this.#driver.post({ kind: "transfer", to: heir.id });
  }

  /** Stops. What was given and is open fails with `error`. */
  async close(error: GroupError, left: boolean): Promise<void> {
    this.#stop(error, left ? "left" : "going-away");
    const { state } = this.status.value;
    if (state === "running")
      this.status.set({ ...this.status.value, state: "closed", online: false });
    this.status.close();
    await this.#driver.idle;
    await this.#init.storage.close();
  }

  // What the bonds tell.

  up(member: MemberId, memberKind: MemberKind): void {
    this.#epoch++;
    this.#driver.post({ kind: "bond", member, memberKind, up: true });
  }

  down(member: MemberId): void {
    this.#sender.drop(member);
    this.#receiver.lost(member);
    this.#driver.post({ kind: "bond", member, memberKind: "data", up: false });
  }

  received(from: MemberId, frames: readonly Frame[]): void {
    let inputs: Input[] = [];
    const flush = (): void => {
      if (inputs.length > 0) this.#driver.post(...inputs);
      inputs = [];
    };
    for (const frame of frames) {
      if (frame.kind === "raft" && frame.message.kind !== "snapshot") {
        inputs.push({ kind: "received", from, message: frame.message });
        continue;
      }
      flush();
      if (frame.kind === "raft" && frame.message.kind === "snapshot") {
        this.#install(from, frame.message);
      } else this.#handle(from, frame);
    }
    flush();
    if (from === this.#driver.status.leader) {
      this.#leaderHeardMs = this.#init.context.clock.monotonic();
    }
  }

  // What the driver tells.

  send(to: MemberId, frame: Uint8Array): void {
    this.bonds.sendEncoded(to, frame);
  }

  sendSnapshot(to: MemberId, message: InstallSnapshot): void {
    this.#sender.begin(to, message);
  }

  restore(meta: SnapshotMeta, durable: Promise<void>): void {
    this.#receiver.over(true);
    this.#queue.restore(meta, durable);
  }

  apply(entries: readonly Entry[]): void {
    this.#queue.push(entries);
  }

  outcome(outcome: Parameters<Forwarding["outcome"]>[0]): void {
    this.#forwarding.outcome(outcome);
  }

  read(read: Parameters<Forwarding["readOutcome"]>[0]): void {
    this.#forwarding.readOutcome(read);
  }

  snapshot(): void {
    this.#queue.save((position) => this.#driver.snapshotMeta(position));
  }

  event(event: RaftEvent): void {
    if (event.kind === "message-refused") {
      this.#log.warn("a member broke a rule", { from: event.from, reason: event.reason });
    } else if (event.kind === "instance-conflict") {
      if (this.#conflicts.size < conflictsMax) this.#conflicts.add(event.instance);
    } else if (event.kind === "configuration-changed") {
      this.#init.context.clock.soon(() => this.bonds.recorded(this.#recordedPeers()));
    } else this.#log.debug("raft", event);
  }

  performed(): void {
    const status = this.#driver.status;
    this.#showStatus(status);
    const { leader, term } = status;
    const isReachable = leader === this.id || (leader !== undefined && this.bonds.has(leader));
    const route = isReachable ? `${leader} ${term} ${this.#epochOf(leader)}` : "";
    if (route === this.#route) return;
    this.#route = route;
    this.#forwarding.leader = isReachable ? leader : undefined;
    this.commands.routeChanged();
    this.reads.routeChanged();
  }

  broken(reason: unknown, cause?: unknown): void {
    const text = typeof reason === "string" ? reason : "a rule broke";
    this.#log.error("the member stops", { reason: text, error: cause ?? reason });
    const data = { reason: text };
    this.#fail(new GroupError("GROUP_HALTED", text, { cause: cause ?? reason, data }), text);
  }

  storageFailed(cause: unknown): void {
    this.#log.error("the storage failed; the member stops", { error: cause });
    const text = "the storage failed";
    this.#fail(new GroupError("GROUP_STORAGE_FAILED", text, { cause }), text);
  }

  // What forwarding and the apply queue tell.

  submitted(...answer: Parameters<CommandDesk<Result>["submitted"]>): void {
    this.commands.submitted(...answer);
  }

  readAnswered(id: number, index: number | undefined): void {
    this.reads.answered(id, index);
  }

  applied(applied: Applied<Result>): void {
    this.commands.applied(applied);
  }

  advanced(): void {
    this.reads.advanced();
    this.#check();
    if (this.#queue.isBehind) return;
    this.#showStatus(this.#driver.status);
  }

  restored(): void {
    this.commands.restored();
  }

  saved(meta: SnapshotMeta): void {
    this.#driver.post({ kind: "snapshot-saved", meta });
  }

  #install(from: MemberId, message: InstallSnapshot): void {
    if (!this.#receiver.isStaged(from, message.meta)) return;
    this.#driver.post({ kind: "received", from, message });
    this.#receiver.over(false);
  }

  #handle(from: MemberId, frame: Frame): void {
    switch (frame.kind) {
      case "snapshot-begin":
        return this.#receiver.begin(from, frame);
      case "snapshot-piece":
        return this.#receiver.piece(from, frame);
      case "snapshot-taken":
        return this.#sender.taken(from, frame);
      case "checkpoint":
        this.#compare.other(from, frame);
        return this.#judge(frame.position);
      case "leave":
        return this.#driver.post({ kind: "remove", member: from });
      case "transfer":
        return this.#driver.post({ kind: "transfer", to: frame.to });
      default:
        return this.#forwarding.received(from, frame);
    }
  }

  /** Tells the others the state in short, and looks what they say of theirs. */
  #check(): void {
    const { checkpoint } = this.replica;
    if (checkpoint === undefined || checkpoint.position <= this.#compared) return;
    this.#compared = checkpoint.position;
    this.#compare.own(checkpoint);
    this.bonds.broadcast({ kind: "checkpoint", ...checkpoint });
    this.#judge(checkpoint.position);
  }

  #judge(position: number): void {
    const { configuration } = this.#driver.status;
    const voters = configuration.members.filter(({ voting }) => voting).map(({ id }) => id);
    const verdict = this.#compare.verdict(position, voters);
    if (verdict === "unclear") this.#log.error("states of members differ", { position });
    if (verdict === "wrong") this.broken(`its state at ${position} is not what the others have`);
  }

  #epochOf(leader: MemberId | undefined): number {
    return leader === this.id ? 0 : this.#epoch;
  }

  #recordedPeers(): PeerId[] {
    return this.status.value.members.map(({ peer }) => peer);
  }

  #showStatus(raft: RaftStatus): void {
    if (this.#failure) return;
    const { bonds } = this;
    const before = this.status.value;
    const applied = this.#queue.position;
    this.status.set(statusOf(this.id, raft, applied, bonds, [...this.#conflicts], before));
  }

  #fail(error: GroupError, reason: string): void {
    if (this.#failure) return;
    this.#stop(error, "internal");
    const { value } = this.status;
    const stopped = { state: "halted", reason, role: "follower", leader: undefined } as const;
    this.status.set({ ...value, ...stopped, bonds: [], online: false });
  }

  #stop(error: GroupError, reason: "left" | "going-away" | "internal"): void {
    this.#failure ??= error;
    this.#driver.close();
    this.#queue.close();
    this.#sender.close();
    this.#receiver.close();
    this.commands.close(error);
    this.reads.close(error);
    this.bonds.close(reason);
  }
}
