import type { Effects, Outgoing, Persist } from "../../src/raft/effects.ts";
import type { Entry, SnapshotMeta } from "../../src/raft/entry.ts";
import { type InstanceId, noInstance } from "../../src/raft/member.ts";
import { votersOf } from "../../src/raft/membership.ts";
import type { Message } from "../../src/raft/messages.ts";
import { RaftNode } from "../../src/raft/raft-node.ts";
import { raftRules } from "../../src/raft/rules.ts";
import { Disk } from "../simulation/disk.ts";
import { prepareLog } from "../simulation/starts.ts";
import { Violation } from "../simulation/violation.ts";
import { type Action, isOfElection } from "./action.ts";
import { genesisOf, limits, nameOf, patienceMs, placeOf } from "./cast.ts";
import { type Decided, type Facts, isSameApplied, unseen } from "./facts.ts";
import { decidedBy, judgeConfigurations, judgePromise } from "./steps.ts";
import { type Budgets, budgetKinds, type WorldPlan } from "./world.ts";

type Applied = readonly string[];

/**
 * One member of a small world: the real core, a disk, and a record of all that it ever led, applied,
 * decided and acknowledged. The same actions in the same order make the same subject.
 */
export class Subject {
  readonly at: number;
  /** What the last actions sent. */
  sends: { readonly to: number; readonly message: Message; readonly state: Applied | undefined }[] =
    [];
  readonly #plan: WorldPlan;
  readonly #disk = new Disk<Applied>();
  /** What the disk will be once all that was written is durable. */
  #written = new Disk<Applied>();
  #node: RaftNode;
  #now = 0;
  #doubts = false;
  #unsaid: number | undefined;
  #settled = 0;
  #wanted: SnapshotMeta | undefined;
  #applied: string[] = [];
  readonly #known: string[] = [];
  readonly #led: number[] = [];
  readonly #decided: Decided[] = [];
  readonly #acknowledged: Decided[] = [];
  readonly #reads = new Map<number, number>();
  readonly #used: Record<keyof Budgets, number>;

  constructor(plan: WorldPlan, at: number) {
    this.#plan = plan;
    this.at = at;
    this.#used = Object.fromEntries(budgetKinds.map((kind) => [kind, 0])) as Record<
      keyof Budgets,
      number
    >;
    prepareLog(this.#disk, genesisOf(plan), plan.logs?.[at] ?? [], plan.term);
    this.#node = this.#start();
    this.#take();
  }

  /** Its term. */
  get term(): number {
    return this.#node.status().term;
  }

  /** Whether no vote in its term matters any more, so that whatever else it is about them is one. */
  get isSettled(): boolean {
    return this.#settled === this.term;
  }

  /** Whether it may be elected in its term. */
  get stands(): boolean {
    return !this.isSettled && this.#node.status().role === "candidate";
  }

  /** The term on its disk. */
  get durableTerm(): number {
    return this.#disk.hard?.term ?? 0;
  }

  /** How much of each budget is used, as far as it heard, four bits each. */
  get used(): number {
    return budgetKinds.reduce((packed, kind) => packed * 16 + this.#used[kind], 0);
  }

  /** What may happen to it by itself, `floor` being the highest position acknowledged by anybody. */
  actions(floor: number): Action[] {
    const { beats, resigns, asks, slowDisks, termMax, kinds, candidates } = this.#plan;
    const left = (kind: keyof Budgets): boolean => this.#used[kind] < this.#plan[kind];
    const { role, term, leader } = this.#node.status();
    const leads = role === "leader";
    const actions: Action[] = [];
    const stands = term < termMax && (candidates?.includes(this.at) ?? true);
    if (leads ? resigns : stands) actions.push({ verb: "wait" });
    if (asks && !leads && leader !== undefined && !this.#doubts) actions.push({ verb: "doubt" });
    if (this.#unsaid !== undefined || this.#disk.isWriting) actions.push({ verb: "fsync" });
    if (left("crashes")) {
      const steps = slowDisks ? this.#stepsOfWriting : 0;
      for (let step = 0; step <= steps; step++) actions.push({ verb: "crash", steps: step });
    }
    if (left("snapshots") && this.#wanted) actions.push({ verb: "snapshot" });
    if (!leads) return actions;
    if (beats) actions.push({ verb: "beat" });
    if (left("silences")) actions.push({ verb: "silence" });
    if (left("writes")) actions.push({ verb: "write" });
    if (left("reads")) actions.push({ verb: "read", floor });
    for (const member of kinds.keys()) {
      if (member === this.at) continue;
      if (left("removals")) actions.push({ verb: "remove", member });
      if (left("transfers")) actions.push({ verb: "transfer", member });
    }
    return actions;
  }

  /** Lets something happen. @throws Violation, InvariantError */
  act(action: Action): void {
    if (action.verb === "hear") return this.#hear(action.used);
    if (action.verb === "settle") return this.#settle();
    if (action.verb === "crash") this.#crash(action.steps);
    else this.#happen(this.#node, action);
    this.#take();
  }

  /** A text that is equal for subjects that behave alike and have the same record. */
  fingerprint(): string {
    const { hard, pending } = this.#disk;
    const mayCrash = this.#used.crashes < this.#plan.crashes;
    const vote = this.isSettled ? undefined : hard?.vote;
    const disk = mayCrash ? [{ ...hard, vote }, pending] : [];
    const reads = [...this.#reads.values()];
    const record = [
      this.used,
      this.#doubts,
      this.#unsaid !== undefined,
      this.#wanted?.index,
      reads,
      this.isSettled,
    ];
    const core = this.#node.fingerprint(this.isSettled);
    return JSON.stringify([core, disk, this.#disk.isWriting, record], withoutSequence);
  }

  /** What the rules between members look at. */
  facts(): Facts {
    const { snapshot, entries, firstIndex } = this.#disk;
    const covered = snapshot?.meta.index ?? 0;
    const { role, term } = this.#node.status();
    return {
      leads: role === "leader" ? term : 0,
      led: this.#led,
      base: this.#written.firstIndex - 1,
      log: this.#written.entries.map((entry) => [entry.term, this.#contentOf(entry)]),
      applied: this.#known,
      decided: this.#decided,
      acknowledged: this.#acknowledged,
      covered,
      durable: entries.filter((_, at) => firstIndex + at > covered).map(({ term }) => term),
    };
  }

  /** What it is, in a few words. */
  describe(): string {
    const { role, term, commit } = this.#node.status();
    const { entries, firstIndex } = this.#written;
    const log = `[${firstIndex > 1 ? `..${firstIndex - 1} ` : ""}${entries.map(({ term }) => term).join(" ")}]`;
    return `${role} of term ${term}, log ${log}, commit ${commit}`;
  }

  get #stepsOfWriting(): number {
    const [batch] = this.#disk.pending;
    return batch ? 2 + batch.entries.length : 0;
  }

  #contentOf(entry: Entry): string {
    if (this.#plan.kinds[this.at] === "witness" && entry.kind === "command") return unseen;
    const members = entry.configuration?.members.map(
      ({ id, voting }) => `${id}${voting ? "!" : ""}`,
    );
    return `${entry.kind}${members ?? entry.data.join(".")}`;
  }

  #happen(node: RaftNode, action: Action): void {
    switch (action.verb) {
      case "deliver":
        return this.#receive(node, action.letter.from, action.letter.message, action.letter.state);
      case "wait":
        this.#doubts = false;
        return this.#tick(node, 4 * patienceMs);
      case "doubt":
        this.#doubts = true;
        return this.#tick(node, patienceMs);
      case "beat":
        return this.#tick(node, 0);
      case "silence":
        this.#used.silences++;
        return this.#tick(node, this.#plan.silenceMs ?? 1);
      case "write": {
        const write = ++this.#used.writes;
        return node.step(
          { kind: "propose", id: write, commands: [Uint8Array.of(this.at, write)] },
          this.#now,
        );
      }
      case "read":
        this.#reads.set(++this.#used.reads, action.floor);
        return node.step({ kind: "read", id: this.#used.reads }, this.#now);
      case "snapshot":
        this.#used.snapshots++;
        return this.#saveSnapshot(node);
      case "remove":
        this.#used.removals++;
        return node.step({ kind: "remove", member: nameOf(action.member) }, this.#now);
      case "transfer":
        this.#used.transfers++;
        return node.step({ kind: "transfer", to: nameOf(action.member) }, this.#now);
      case "fsync":
        return this.#synced(node);
      default:
        return;
    }
  }

  #tick(node: RaftNode, afterMs: number): void {
    this.#now += afterMs;
    node.step({ kind: "tick" }, this.#now);
  }

  #receive(node: RaftNode, from: number, message: Message, state: Applied | undefined): void {
    if (this.isSettled && isOfElection(message, this.term)) return;
    if (message.kind === "snapshot" && state) this.#disk.staged.set(message.meta.index, state);
    if (message.kind === "append" || message.kind === "heartbeat") this.#doubts = false;
    node.step({ kind: "received", from: nameOf(from), message }, this.#now);
  }

  #saveSnapshot(node: RaftNode): void {
    const meta = this.#wanted;
    this.#wanted = undefined;
    if (!meta) return;
    const state = this.#known.slice(0, meta.index);
    this.#disk.save(meta, state);
    this.#written.save(meta, state);
    node.step({ kind: "snapshot-saved", meta, bytes: 0 }, this.#now);
  }

  #crash(steps: number): void {
    const most = this.#stepsOfWriting;
    const drawn = {
      next: () => (steps + 0.5) / (most + 1),
      bytes: (count: number) => new Uint8Array(count),
    };
    this.#used.crashes++;
    this.#disk.crash(steps === 0 ? "dropped" : steps === most ? "kept" : "torn", drawn);
    this.#unsaid = undefined;
    this.#doubts = false;
    this.#wanted = undefined;
    this.#reads.clear();
    this.#node = this.#start();
  }

  #hear(used: number): void {
    let left = used;
    for (const kind of budgetKinds.toReversed()) {
      this.#used[kind] = left & 15;
      left >>>= 4;
    }
  }

  #settle(): void {
    this.#settled = this.term;
  }

  #copyDisk(): void {
    this.#written = new Disk();
    this.#written.entries = [...this.#disk.entries];
    this.#written.firstIndex = this.#disk.firstIndex;
    this.#written.snapshot = this.#disk.snapshot;
  }

  #start(): RaftNode {
    this.#disk.staged.clear();
    const stored = this.#disk.load();
    this.#copyDisk();
    this.#applied = [];
    const asks = this.#plan.asks ? {} : { asksFirst: () => false, isSticky: () => false };
    return new RaftNode({
      id: nameOf(this.at),
      kind: this.#plan.kinds[this.at] ?? "data",
      limits: { ...limits, ...this.#plan.limits },
      random: { next: () => 0.5, bytes: (count) => new Uint8Array(count) },
      stored,
      freshInstance: noInstance as InstanceId,
      nowMs: this.#now,
      rules: { ...raftRules, ...asks, ...this.#plan.rules },
    });
  }

  /** Carries out what the core wants done, and records and judges it. */
  #take(): void {
    const node = this.#node;
    const effects = node.take();
    node.check();
    const { role, term } = node.status();
    if (role === "leader" && this.#led.at(-1) !== term) this.#led.push(term);
    if (effects.restore) this.#applied = [...this.#snapshotState(effects.restore.index)];
    for (const entry of effects.apply) this.#apply(entry, role === "leader" ? term : 0);
    this.#wanted = effects.snapshot ?? this.#wanted;
    this.#judgeReads(effects);
    for (const outgoing of effects.sends) this.#send(outgoing);
    if (effects.persist) this.#write(node, effects.persist);
    for (const outcome of effects.outcomes) {
      if (outcome.kind !== "committed") continue;
      this.#acknowledged.push(this.#decision(outcome.index, outcome.term, term));
    }
  }

  #snapshotState(index: number): Applied {
    const state = this.#disk.staged.get(index) ?? this.#disk.snapshot?.state;
    if (state?.length !== index)
      throw new Violation(`a snapshot of ${index} holds ${state?.length}`);
    this.#learn(state);
    return state;
  }

  #apply(entry: Entry, leads: number): void {
    if (entry.index !== this.#applied.length + 1) throw new Violation("entries are skipped");
    this.#applied.push(`${entry.term} ${this.#contentOf(entry)}`);
    const isNew = entry.index > this.#known.length;
    this.#learn(this.#applied);
    if (isNew && leads > 0) this.#decided.push(this.#decision(entry.index, entry.term, leads));
  }

  #decision(index: number, term: number, inTerm: number): Decided {
    const { commit } = this.#node.status();
    const { configuration } = decidedBy(index, this.#written, commit);
    return [index, term, inTerm, votersOf(configuration).map(placeOf)];
  }

  /** State machine safety of a member with itself, as it was before. */
  #learn(applied: Applied): void {
    for (const [at, entry] of applied.entries()) {
      const known = this.#known[at];
      if (known !== undefined && !isSameApplied(known, entry)) {
        throw new Violation(
          `state machine safety: applies ${entry} at ${at + 1}, and ${known} before`,
        );
      }
      this.#known[at] ??= entry;
    }
  }

  #judgeReads(effects: Effects): void {
    for (const read of effects.reads) {
      const floor = this.#reads.get(read.id) ?? 0;
      this.#reads.delete(read.id);
      if (read.kind === "ready" && read.index < floor) {
        throw new Violation(
          `strong reads: one began when ${floor} was acknowledged and sees ${read.index}`,
        );
      }
    }
  }

  #send({ to, message }: Outgoing): void {
    if (this.#plan.judgesSteps) judgePromise(this.#disk, to, message);
    const covers = message.kind === "snapshot" ? message.meta.index : 0;
    const state = covers > 0 ? this.#known.slice(0, covers) : undefined;
    this.sends.push({ to: placeOf(to), message, state });
  }

  #write(node: RaftNode, batch: Persist): void {
    if (this.#plan.judgesSteps) {
      judgeConfigurations(node.status(), this.#written, this.#decided, batch);
    }
    for (const [index, state] of this.#disk.staged) this.#written.staged.set(index, state);
    this.#written.write(batch);
    this.#written.sync();
    this.#disk.write(batch);
    const hardOnly = batch.entries.length === 0 && !batch.snapshot;
    const early = this.#plan.earlyPersisted?.({ hardOnly, snapshot: batch.snapshot !== undefined });
    if (early) {
      node.step({ kind: "persisted", sequence: batch.sequence }, this.#now);
      return this.#take();
    }
    this.#unsaid = batch.sequence;
    if (this.#plan.slowDisks) return;
    this.#synced(node);
    this.#take();
  }

  #synced(node: RaftNode): void {
    while (this.#disk.isWriting) this.#disk.sync();
    const sequence = this.#unsaid;
    this.#unsaid = undefined;
    if (sequence !== undefined) node.step({ kind: "persisted", sequence }, this.#now);
  }
}

function withoutSequence(key: string, value: unknown): unknown {
  return key === "sequence" ? undefined : value;
}
