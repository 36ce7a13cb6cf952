import type { Effects, Persist } from "../../src/raft/effects.ts";
import type { Input } from "../../src/raft/input.ts";
import {
  type Configuration,
  findMember,
  type InstanceId,
  type MemberId,
  type MemberKind,
} from "../../src/raft/member.ts";
import type { Message } from "../../src/raft/messages.ts";
import { RaftNode } from "../../src/raft/raft-node.ts";
import { raftRules } from "../../src/raft/rules.ts";
import type { Answer, Pending } from "./answer.ts";
import { brief } from "./brief.ts";
import { type Checkers, Mirror, type Observed } from "./checkers.ts";
import { type CrashKind, Disk } from "./disk.ts";
import { GoalWatch } from "./goal-watch.ts";
import { encodeRequest, Machine, type Request } from "./machine.ts";
import type { SimEvent, Simulation } from "./simulation.ts";
import { SnapshotTaker } from "./snapshot-taker.ts";
import { Violation } from "./violation.ts";

const deepCheckEvery = 16;

/** How long others take to notice that a node is gone. */
const bondLossMs = 200;

/** One node: its core, its disk, its machine, and the clock it lives by. */
export class Host implements Observed {
  readonly number: number;
  readonly kind: MemberKind;
  id: MemberId;
  incarnation = 1;
  disk = new Disk();
  mirror = new Mirror();
  machine = new Machine();
  node: RaftNode | undefined;
  /** Grows with each start: what was scheduled for an earlier run is void. */
  run = 0;
  /** Above 0: it stands still until then, and what comes waits in `inbox`. */
  pausedUntilMs = 0;
  inbox: SimEvent[] = [];
  clockRate = 1;
  diskSlowness = 1;
  failsNextWrite = false;
  term = 0;
  isLeader = false;
  leader: MemberId | undefined;
  readonly #sim: Simulation;
  readonly #checkers: Checkers;
  readonly #goals: GoalWatch;
  #snapshots: SnapshotTaker;
  #stoodIn = 0;
  #heard = true;
  readonly #confirmed = new Map<MemberId, number>();
  readonly #pending = new Map<number, Pending>();
  #nextId = 1;
  #steps = 0;
  #tickAtLocalMs = Number.POSITIVE_INFINITY;

  constructor(sim: Simulation, number: number, kind: MemberKind) {
    this.#sim = sim;
    this.#checkers = sim.checkers;
    this.#goals = new GoalWatch(sim, this);
    this.#snapshots = new SnapshotTaker(sim, this);
    this.number = number;
    this.kind = kind;
    this.id = sim.idOf(number, 1);
    if (sim.swarm.faults.has("drift")) this.clockRate = 0.5 + sim.random("clock").next();
  }

  get isWitness(): boolean {
    return this.kind === "witness";
  }

  get #localMs(): number {
    return this.#sim.nowMs * this.clockRate;
  }

  get configuration(): Configuration {
    return this.node?.status().configuration ?? { members: [] };
  }

  /** Whether it runs and belongs to the group. */
  get isMember(): boolean {
    const status = this.node?.status();
    if (!status || status.halted !== undefined) return false;
    return findMember(status.configuration, this.id) !== undefined;
  }

  /** Whether it follows somebody or leads. */
  get isWell(): boolean {
    return this.node?.status().leader !== undefined;
  }

  /** Starts from what the disk holds. */
  start(): void {
    const sim = this.#sim;
    this.run++;
    this.#checkers.started(this);
    const stored = this.disk.load();
    this.mirror = new Mirror();
    this.machine = new Machine();
    this.#snapshots = new SnapshotTaker(this.#sim, this);
    if (stored?.snapshot && this.disk.snapshot) {
      const { meta, state } = this.disk.snapshot;
      this.machine = state.copy();
      this.mirror.baseIndex = meta.index;
      this.mirror.baseTerm = meta.term;
      this.mirror.configurations = [
        { index: meta.configurationIndex, configuration: meta.configuration },
      ];
    }
    const rules = sim.mutant?.rules;
    this.node = new RaftNode({
      id: this.id,
      kind: this.kind,
      // Whoever comes later joins: it would found a group of its own while it sees nobody.
      limits: sim.nowMs === 0 ? sim.swarm.limits : { ...sim.swarm.limits, founders: 64 },
      random: sim.random(`node ${this.number}`),
      stored,
      freshInstance: `${this.id} ${this.run}` as InstanceId,
      nowMs: this.#localMs,
      ...(rules ? { rules: { ...raftRules, ...rules } } : {}),
    });
    this.#checkers.restored(this, stored?.entries ?? []);
    this.isLeader = false;
    this.term = this.node.status().term;
    this.#tickAtLocalMs = Number.POSITIVE_INFINITY;
    for (const other of sim.hosts) {
      if (other === this || !other.node) continue;
      sim.network.bond(this, other, true, 1);
    }
    this.#perform(this.node.take());
  }

  /** Stops at once; what was not durable is kept, dropped or torn. */
  crash(kind: CrashKind): void {
    const sim = this.#sim;
    if (!this.node) return;
    sim.trace(() => `${this.id} crashes, pending writes ${kind}`);
    this.run++;
    this.node = undefined;
    this.isLeader = false;
    this.pausedUntilMs = 0;
    this.inbox = [];
    this.disk.crash(kind, sim.random("disk"));
    this.#checkers.durable(this);
    for (const pending of this.#pending.values()) pending.answer({ kind: "unknown" });
    this.#pending.clear();
    for (const other of sim.hosts) {
      if (other.node) sim.network.bond(this, other, false, bondLossMs);
    }
  }

  /** Loses its disk: it can only come back as somebody new. */
  wipe(): void {
    const sim = this.#sim;
    this.disk = new Disk();
    if (sim.mutant?.keepsIdentity === true) {
      this.#checkers.forget(this.id);
      sim.register(this);
      return;
    }
    sim.forget(this.id);
    this.incarnation++;
    this.id = sim.idOf(this.number, this.incarnation);
    sim.register(this);
  }

  /** Something happened at this node. */
  handle(event: SimEvent): void {
    if (event.kind === "message") {
      if (!this.node || event.target !== this.id) return;
      return this.#receive(event.from, event.message);
    }
    if (event.kind === "world" || event.run !== this.run || !this.node) return;
    if (event.kind === "call") return event.call();
    const node = this.node;
    const now = this.#localMs;
    if (event.kind === "tick") {
      if (event.atLocalMs !== this.#tickAtLocalMs) return;
      this.#tickAtLocalMs = Number.POSITIVE_INFINITY;
      node.step({ kind: "tick" }, now);
    } else if (event.kind === "bond") {
      const other = this.#sim.hosts[event.of];
      const reachable = other?.id === event.member && this.#sim.network.isReachable(this, other);
      if (event.up !== reachable) return;
      const memberKind = other?.kind ?? "data";
      node.step({ kind: "bond", member: event.member, memberKind, up: event.up }, now);
    } else {
      if (event.does !== "says") this.disk.sync();
      this.#checkers.durable(this);
      if (event.does === "writes") return;
      node.step({ kind: "persisted", sequence: event.sequence }, now);
    }
    this.#perform(node.take());
  }

  /** A client wants something written. */
  write(request: Request, answer: (answer: Answer) => void): void {
    const id = this.#nextId++;
    if (!this.node) return;
    this.#pending.set(id, { kind: "write", request, answer });
    this.node.step({ kind: "propose", id, commands: [encodeRequest(request)] }, this.#localMs);
    this.#perform(this.node.take());
  }

  /** A client wants to read. */
  read(key: number, answer: (answer: Answer) => void): void {
    const id = this.#nextId++;
    if (!this.node) return;
    this.#pending.set(id, { kind: "read", key, answer });
    this.node.step({ kind: "read", id }, this.#localMs);
    this.#perform(this.node.take());
  }

  /** An operator asks for something, or something was done. */
  command(input: Input): void {
    if (!this.node) return;
    this.node.step(input, this.#localMs);
    this.#perform(this.node.take());
  }

  /** One line about what it is at the moment. */
  describe(): string {
    const status = this.node?.status();
    if (!status) return `${this.id} is down`;
    const { role, term, leader, commit, lastIndex, instance, halted } = status;
    const members = status.configuration.members.map(({ id, voting }) => (voting ? `${id}!` : id));
    return `${this.id} (${this.kind}): ${role} of term ${term} in "${instance}", leader ${leader}, commit ${commit} of ${lastIndex}, members ${members}${halted ? ` halted ${halted}` : ""}`;
  }

  /** Who has confirmed something to this leadership within less than an election timeout. */
  #keepUp(): ReadonlySet<MemberId> {
    const sinceMs = this.#localMs - 0.9 * this.#sim.swarm.limits.electionMinMs;
    const recent = [...this.#confirmed].filter(([, atMs]) => atMs > sinceMs);
    return new Set(recent.map(([id]) => id));
  }

  /** Terms grow only for who has heard that it would be elected. */
  #stands(term: number, asksOrIsAsked: boolean): void {
    if (asksOrIsAsked || term === this.#stoodIn) return;
    if (this.#stoodIn > 0 && !this.#heard) throw new Violation(`${this.id} stands again, unheard`);
    this.#stoodIn = term;
    this.#heard = false;
  }

  #receive(from: MemberId, message: Message): void {
    const { node } = this;
    if (!node) return;
    let arrived = message;
    if (message.kind === "snapshot") {
      const sender = this.#sim.hostOf(from);
      const saved = sender?.disk.snapshot;
      const lost = this.#sim.swarm.faults.has("snapshot-loss") && !this.#sim.healed;
      if (lost && this.#sim.random("network").next() < 0.5) return;
      if (!saved) return;
      this.disk.staged.set(saved.meta.index, saved.state);
      this.#sim.goals.add("snapshot received");
      arrived = { ...message, meta: saved.meta };
    }
    this.#sim.note(message.term ^ (message.kind.length << 16));
    this.#sim.trace(() => `${from} -> ${this.id} ${brief(message)}`);
    this.#heard = true;
    if (message.kind === "append-reply" && message.accepted && message.term === this.term) {
      this.#confirmed.set(from, this.#localMs);
    }
    node.step({ kind: "received", from, message: arrived }, this.#localMs);
    this.#perform(node.take());
  }

  #perform(effects: Effects): void {
    const { node } = this;
    if (!node) return;
    const status = node.status();
    this.leader = status.leader;
    const wasLeader = this.isLeader;
    const before = this.term;
    this.term = status.term;
    this.isLeader = status.role === "leader";
    this.#checkers.stepped(this, status.instance, status.term, status.commit);
    this.#goals.role(wasLeader);
    if (wasLeader !== this.isLeader) this.#confirmed.clear();
    this.#goals.effects(effects);
    if (effects.restore) this.#restore(effects.restore.index);
    this.#snapshots.handed(effects);
    for (const entry of effects.apply) {
      this.#apply(entry.index, entry.data, entry);
      if (entry.index === effects.snapshot?.index) this.#snapshots.take(effects.snapshot);
    }
    if (effects.persist) this.#persist(effects.persist);
    if (this.isLeader && (!wasLeader || before !== this.term)) {
      this.#checkers.elected(this);
      this.#sim.trace(() => `${this.id} leads term ${this.term}`);
    }
    for (const { to, message } of effects.sends) {
      this.#checkers.sent(this, to, message);
      if (message.kind === "vote-request")
        this.#stands(message.term, message.pre || message.forced || this.isLeader);
      this.#goals.sent(message);
      this.#sim.network.transmit(this, to, message);
    }
    this.#report(effects);
    if (++this.#steps % deepCheckEvery === 0) node.check();
    this.#scheduleTick(node.nextDeadlineMs);
  }

  #report(effects: Effects): void {
    for (const outcome of effects.outcomes) {
      if (outcome.kind === "accepted") continue;
      const pending = this.#pending.get(outcome.id);
      if (outcome.kind === "committed") {
        const { index, term } = outcome;
        this.#checkers.acknowledged(this, index, term, this.#sim.disks, this.#keepUp());
      }
      if (!pending) continue;
      this.#pending.delete(outcome.id);
      if (outcome.kind === "refused") pending.answer({ kind: "elsewhere", leader: this.leader });
      else if (outcome.kind !== "committed") pending.answer({ kind: "unknown" });
      else if (pending.kind === "write") this.#answerWrite(pending, outcome.index);
    }
    for (const read of effects.reads) {
      const pending = this.#pending.get(read.id);
      this.#pending.delete(read.id);
      if (pending?.kind !== "read") continue;
      if (read.kind === "refused") pending.answer({ kind: "elsewhere", leader: this.leader });
      else if (this.machine.applied < read.index) throw new Violation("a read before its position");
      else pending.answer({ kind: "done", value: this.machine.registers.get(pending.key) ?? 0 });
    }
    for (const { kind } of effects.events) {
      if (kind === "instance-conflict") throw new Violation("two instances");
    }
  }

  #answerWrite(pending: Extract<Pending, { kind: "write" }>, index: number): void {
    const { client, sequence } = pending.request;
    const session = this.machine.sessions.get(client);
    if (this.machine.applied < index) throw new Violation("an answer before it is applied");
    if (session?.sequence === sequence) pending.answer({ kind: "done", value: session.answer });
    else if (session && session.sequence > sequence) pending.answer({ kind: "unknown" });
    else throw new Violation("a committed command was not applied");
  }

  #restore(index: number): void {
    const state = this.disk.staged.get(index) ?? this.disk.snapshot?.state;
    if (!state || state.applied !== index) throw new Violation("a snapshot without its state");
    this.machine = state.copy();
    this.#sim.goals.add("snapshot restored");
  }

  #apply(index: number, data: Uint8Array, entry: Effects["apply"][number]): void {
    if (index !== this.machine.applied + 1) throw new Violation("entries are applied out of order");
    const known = this.#checkers.committedIndex;
    this.#checkers.applied(this, entry, this.#sim.hosts);
    if (this.isLeader && this.#checkers.committedIndex > known) this.#sim.committed(this);
    const request = this.machine.apply(index, entry.kind === "command" ? data : new Uint8Array(0));
    if (request) this.#checkers.sessions.tookEffect(request, index);
    if (!this.isWitness) this.#checkers.state(this, index, this.machine.hash);
  }

  #persist(batch: Persist): void {
    const sim = this.#sim;
    this.#checkers.persisting(this, batch);
    if (this.disk.isWriting && !sim.mutant?.earlyPersisted)
      throw new Violation("two batches at once");
    if (this.failsNextWrite) {
      this.failsNextWrite = false;
      this.node?.step({ kind: "storage-failed" }, this.#localMs);
      sim.goals.add("storage failed");
      return;
    }
    this.disk.write(batch);
    const wait = sim.swarm.fsyncMs * this.diskSlowness * (0.5 + sim.random("disk").next());
    const event = { to: this.number, run: this.run, sequence: batch.sequence } as const;
    const hardOnly = batch.entries.length === 0 && !batch.snapshot;
    const kind = { hardOnly, snapshot: batch.snapshot !== undefined };
    if (sim.mutant?.earlyPersisted?.(kind) === true) {
      sim.at(0, { kind: "fsync", ...event, does: "says" });
      sim.at(wait + 30, { kind: "fsync", ...event, does: "writes" });
    } else sim.at(wait, { kind: "fsync", ...event, does: "both" });
  }

  #scheduleTick(atLocalMs: number): void {
    if (atLocalMs >= this.#tickAtLocalMs || !Number.isFinite(atLocalMs)) return;
    this.#tickAtLocalMs = atLocalMs;
    const wait = 0.01 + Math.max(0, atLocalMs / this.clockRate - this.#sim.nowMs);
    this.#sim.at(wait, { kind: "tick", to: this.number, run: this.run, atLocalMs });
  }
}
