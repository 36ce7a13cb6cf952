import type { Log, PeerId, Watch } from "@mosaik/primitives";
import { Bonds, type BondsListener } from "../bonds/bonds.ts";
import { askAgainHeartbeats, patienceElections, patienceMinMs } from "../config.ts";
import type { Frame } from "../core/frames.ts";
import { type Applied, Replica } from "../core/replica.ts";
import { GroupError } from "../errors.ts";
import type { GroupStatus } from "../groups.ts";
import type { RaftEvent } from "../raft/effects.ts";
import type { Entry, SnapshotMeta } from "../raft/entry.ts";
import type { Input } from "../raft/input.ts";
import { type MemberId, type MemberKind, memberId } from "../raft/member.ts";
import { votersOf } from "../raft/membership.ts";
import type { InstallSnapshot } from "../raft/messages.ts";
import type { MachineDefinition } from "../state-machine.ts";
import { ApplyQueue } from "./apply-queue.ts";
import { CommandDesk } from "./command-desk.ts";
import { DivergenceWatch } from "./divergence-watch.ts";
import { Forwarding } from "./forwarding.ts";
import { FrameSorter } from "./frame-sorter.ts";
import { commandTime } from "./insight.ts";
import { LeaderRoute } from "./leader-route.ts";
import { createNode, type MemberInit } from "./member-init.ts";
import { StatusBoard } from "./member-status.ts";
import { RaftDriver } from "./raft-driver.ts";
import { ReadDesk } from "./read-desk.ts";
import { SnapshotNews } from "./snapshot-news.ts";
import { SnapshotTransfer } from "./snapshot-transfer.ts";

/**
 * This node's member of a group: the core and everything that performs what it decides, each piece
 * told what concerns it.
 */
export class Member<Command, Result, Query, Answer> implements BondsListener {
  readonly id: MemberId;
  /** What it replicates, and whether it keeps no state of it. */
  readonly definition: MachineDefinition<Command, Result, Query, Answer>;
  readonly isWitness: boolean;
  readonly replica: Replica<Command, Result, Query, Answer>;
  readonly commands: CommandDesk<Result>;
  readonly reads: ReadDesk;
  readonly bonds: Bonds;
  readonly #init: MemberInit<Command, Result, Query, Answer>;
  readonly #log: Log;
  readonly #driver: RaftDriver;
  readonly #forwarding: Forwarding;
  readonly #queue: ApplyQueue<Result>;
  readonly #snapshots: SnapshotTransfer;
  readonly #divergence: DivergenceWatch;
  readonly #sorter: FrameSorter;
  readonly #board: StatusBoard;
  readonly #route: LeaderRoute;
  #leaderHeardMs = Number.NEGATIVE_INFINITY;
  #failure: GroupError | undefined;

  constructor(init: MemberInit<Command, Result, Query, Answer>) {
    const { context, identity, storage, definition, limits, kind } = init;
    const { clock, random } = context;
    this.#init = init;
    this.definition = definition;
    this.isWitness = kind === "witness";
    this.#log = context.log.child(identity.announced.slice(0, 8));
    this.id = memberId(context.peer, storage.incarnation);
    const positionOf = (member: MemberId): number | undefined => this.#driver.positionOf(member);
    this.#board = new StatusBoard({ me: this.id, clock, positionOf, everyMs: limits.heartbeatMs });
    this.#route = new LeaderRoute(this.id);
    this.replica = new Replica(definition, (error, position) =>
      this.#log.warn("the machine threw", { position, error }),
    );
    const send = (to: MemberId, frame: Frame): void => this.bonds.send(to, frame);
    const post = (...inputs: readonly Input[]): void => this.#driver.post(...inputs);
    this.#snapshots = new SnapshotTransfer({
      storage,
      clock,
      hash: init.hash,
      log: this.#log,
      kind,
      status: () => this.#driver.status,
      send,
      isFull: (to) => this.bonds.isFull(to),
      post,
    });
    this.#forwarding = new Forwarding({ me: this.id, post, send, listener: this });
    this.#divergence = new DivergenceWatch({
      log: this.#log,
      voters: () => votersOf(this.#driver.status.configuration),
      broadcast: (frame) => this.bonds.broadcast(frame),
      wrong: (position) => this.broken(`its state at ${position} is not what the others have`),
    });
    this.#sorter = new FrameSorter({
      post,
      forwarding: this.#forwarding,
      snapshots: this.#snapshots,
      divergence: this.#divergence,
    });
    this.#queue = new ApplyQueue<Result>({
      replica: this.isWitness ? undefined : this.replica,
      storage,
      clock,
      log: this.#log,
      listener: this,
      snapshots: new SnapshotNews({ peer: context.peer, board: this.#board, post }),
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
      took: commandTime(context.meter, identity.id),
      random,
      replica: this.replica,
      submit: (id, entries) => this.#forwarding.submit(id, entries),
    });
    this.reads = new ReadDesk({ ...shared, ask: (id) => this.#forwarding.read(id) });
    const node = createNode(init, this.id);
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
    this.bonds.recorded(this.#board.peers);
  }

  /** What the group is like, as this member sees it. */
  get status(): Watch<GroupStatus> {
    return this.#board.watch;
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

  /** The last position applied. */
  get position(): number {
    return this.#queue.position;
  }

  /** Asks the leader, wherever it is, to hand over. */
  transfer(to: MemberId): void {
    this.#forwarding.transfer(to);
  }

  /** Asks the leader, wherever it is, to take this member out; hands over to `heir` first where this leads. */
  askToLeave(heir: MemberId | undefined): void {
    this.#forwarding.leave(heir);
  }

  /** Entries of the log from a position on, as far as no snapshot covers them. */
  entries(from: number, countMax: number): readonly Entry[] {
    return this.#driver.entries(from, countMax);
  }

  /** Stops. What was given and is open fails with `error`. */
  async close(error: GroupError, left: boolean): Promise<void> {
    this.#stop(error, left ? "left" : "going-away");
    this.#board.stopped("closed", undefined);
    this.#board.watch.close();
    await this.#driver.idle;
    await this.#init.storage.close();
  }

  // What the bonds tell.

  up(member: MemberId, memberKind: MemberKind): void {
    this.#route.bonded();
    this.#driver.post({ kind: "bond", member, memberKind, up: true });
    this.#snapshots.bonded(member, memberKind);
  }

  down(member: MemberId): void {
    this.#snapshots.lost(member);
    this.#driver.post({ kind: "bond", member, memberKind: "data", up: false });
  }

  received(from: MemberId, frames: readonly Frame[]): void {
    this.#sorter.take(from, frames);
    if (from === this.#driver.leader) {
      this.#leaderHeardMs = this.#init.context.clock.monotonic();
    }
  }

  alarm(peer: PeerId, reason: string): void {
    this.#board.alarm(peer, reason);
  }

  // What the driver tells.

  send(to: MemberId, frame: Uint8Array): void {
    this.bonds.sendEncoded(to, frame);
  }

  sendSnapshot(to: MemberId, message: InstallSnapshot): void {
    this.#snapshots.offer(to, message);
  }

  restore(meta: SnapshotMeta, durable: Promise<void> | undefined): void {
    this.#snapshots.installed();
    this.#queue.restore(meta, durable);
  }

  /** The others wait for what is written, and not for what is applied: that comes second. */
  apply(entries: readonly Entry[], snapshot: SnapshotMeta | undefined, writes: boolean): void {
    this.#queue.push(entries, snapshot, writes ? "soon" : "now");
  }

  outcome(outcome: Parameters<Forwarding["outcome"]>[0]): void {
    this.#forwarding.outcome(outcome);
  }

  read(read: Parameters<Forwarding["readOutcome"]>[0]): void {
    this.#forwarding.readOutcome(read);
  }

  event(event: RaftEvent): void {
    if (event.kind === "message-refused") return this.bonds.accuse(event.from, event.reason);
    if (event.kind === "instance-conflict") return this.#board.conflict(event.instance);
    if (event.kind !== "configuration-changed") return this.#log.debug("raft", event);
    this.#init.context.clock.soon(() => this.bonds.recorded(this.#board.peers));
  }

  performed(): void {
    const status = this.#driver.status;
    this.#board.show(status, this.#queue.position, this.bonds);
    const changed = this.#route.changed(status, (member) => this.bonds.has(member));
    if (changed === undefined) return;
    this.#forwarding.leader = changed.leader;
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
    this.#divergence.own(this.replica.checkpoint);
    if (this.#queue.isBehind) return;
    this.#board.show(this.#driver.status, this.#queue.position, this.bonds);
  }

  restored(): void {
    this.commands.restored();
  }

  #fail(error: GroupError, reason: string): void {
    if (this.#failure) return;
    this.#stop(error, "internal");
    this.#board.stopped("halted", reason);
  }

  #stop(error: GroupError, reason: "left" | "going-away" | "internal"): void {
    this.#failure ??= error;
    this.#driver.close();
    this.#queue.close();
    this.#snapshots.close();
    this.commands.close(error);
    this.reads.close(error);
    this.bonds.close(reason);
  }
}
