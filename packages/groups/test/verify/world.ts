import {
  type Configuration,
  type InstanceId,
  type MemberId,
  type MemberKind,
  type Message,
  memberId,
  noInstance,
  type Persist,
  type RaftLimits,
  RaftNode,
  raftLimits,
} from "../../src/index.ts";
import { type RaftRules, raftRules } from "../../src/raft/rules.ts";
import { Checkers, Mirror, type Observed } from "../simulation/checkers.ts";
import { Disk } from "../simulation/disk.ts";
import { genesisEntry, prepareLog } from "../simulation/starts.ts";

/** A small world to explore to its end. */
export interface WorldPlan {
  readonly name: string;
  readonly kinds: readonly MemberKind[];
  /** How many of them vote from the beginning. */
  readonly voters: number;
  /** Terms of prepared entries, by member. */
  readonly logs?: readonly (readonly number[])[];
  readonly term: number;
  /** Bounds: no member goes beyond this term; so many writes, crashes, copies and changes in all. */
  readonly termMax: number;
  readonly writes: number;
  readonly crashes: number;
  readonly copies: number;
  readonly removals: number;
  /** Whether fsync takes time, so that a crash can lose what came before it. */
  readonly slowDisks: boolean;
  readonly messagesMax: number;
  readonly statesMax: number;
  readonly limits?: Partial<RaftLimits>;
  readonly rules?: Partial<RaftRules>;
}

class Actor implements Observed {
  readonly id: MemberId;
  readonly kind: MemberKind;
  readonly disk = new Disk();
  mirror = new Mirror();
  node: RaftNode | undefined;
  now = 0;
  term = 0;
  isLeader = false;
  writing: number | undefined;

  constructor(at: number, kind: MemberKind) {
    this.id = memberId(`n${at}`, "1");
    this.kind = kind;
  }

  get configuration(): Configuration {
    return this.node?.status().configuration ?? { members: [] };
  }

  get isWitness(): boolean {
    return this.kind === "witness";
  }
}

interface Letter {
  readonly from: number;
  readonly to: number;
  readonly message: Message;
  readonly text: string;
}

const never = { next: () => 0.5, bytes: (count: number) => new Uint8Array(count) };

/**
 * The real core in a world where anything may happen next: any message arrives, any member's patience
 * ends, any fsync returns, any member crashes. Members do not ask before they stand and do not mind a
 * fresh leader, so every schedule that time could bring about is among those explored. A message that
 * is never delivered is one that is lost.
 */
export class World {
  readonly #plan: WorldPlan;
  readonly #actors: Actor[] = [];
  readonly #checkers = new Checkers();
  #letters: Letter[] = [];
  #writes = 0;
  #crashes = 0;
  #copies = 0;
  #removals = 0;

  constructor(plan: WorldPlan) {
    this.#plan = plan;
    for (const [at, kind] of plan.kinds.entries()) this.#actors.push(new Actor(at, kind));
    const genesis = genesisEntry(this.#actors.slice(0, plan.voters));
    for (const [at, actor] of this.#actors.entries()) {
      prepareLog(actor.disk, genesis, plan.logs?.[at] ?? [], plan.term);
      this.#start(actor);
    }
    for (const actor of this.#actors) this.#take(actor);
  }

  /** What may happen next, as words. */
  actions(): string[] {
    const { termMax, writes, crashes, copies, removals, messagesMax } = this.#plan;
    const actions: string[] = [];
    const isFull = this.#letters.length >= messagesMax;
    for (const [at, letter] of this.#letters.entries()) {
      if (this.#letters.findIndex(({ text }) => text === letter.text) !== at) continue;
      actions.push(`deliver ${at}`);
      if (this.#copies < copies) actions.push(`copy ${at}`);
      if (isFull) actions.push(`lose ${at}`);
    }
    for (const [at, actor] of this.#actors.entries()) {
      if (!actor.node) {
        actions.push(`start ${at}`);
        continue;
      }
      if (actor.writing !== undefined) actions.push(`fsync ${at}`);
      const { role, term } = actor.node.status();
      if (this.#crashes < crashes) actions.push(`crash ${at}`, `kill ${at}`);
      if (isFull) continue;
      if (role !== "leader" && term < termMax) actions.push(`stand ${at}`);
      if (role !== "leader") continue;
      actions.push(`beat ${at}`);
      if (this.#writes < writes) actions.push(`write ${at}`);
      if (this.#removals < removals) {
        for (const other of this.#actors.keys())
          if (other !== at) actions.push(`remove ${at} ${other}`);
      }
    }
    return actions;
  }

  /** Lets something happen. @throws Violation, InvariantError */
  act(action: string): void {
    const [verb, first = "0", second = "0"] = action.split(" ");
    const at = Number(first);
    if (verb === "deliver" || verb === "copy" || verb === "lose") return this.#post(verb, at);
    const actor = this.#actors[at];
    if (!actor) return;
    if (verb === "start") this.#start(actor);
    else if (verb === "crash" || verb === "kill") {
      this.#crashes++;
      actor.disk.crash(verb === "crash" ? "dropped" : "kept", never);
      this.#checkers.durable(actor);
      actor.node = undefined;
      actor.isLeader = false;
      actor.writing = undefined;
      return;
    } else if (verb === "fsync") this.#synced(actor);
    else if (verb === "write") {
      this.#writes++;
      const commands = [Uint8Array.of(this.#writes)];
      actor.node?.step({ kind: "propose", id: this.#writes, commands }, actor.now);
    } else if (verb === "remove") {
      this.#removals++;
      const member = this.#actors[Number(second)]?.id;
      if (member) actor.node?.step({ kind: "remove", member }, actor.now);
    } else {
      actor.now = Math.max(actor.now, actor.node?.nextDeadlineMs ?? 0);
      if (verb === "stand") actor.now += raftLimits.electionMaxMs;
      actor.node?.step({ kind: "tick" }, actor.now);
    }
    this.#take(actor);
  }

  /** Equal for equal worlds. */
  fingerprint(): string {
    const letters = this.#letters.map((letter) => letter.text).sort();
    const nodes = this.#actors.map(
      ({ node, disk, writing }) =>
        `${node?.fingerprint() ?? JSON.stringify([disk.hard, disk.entries.map((entry) => entry.term)])}${writing ? "w" : ""}`,
    );
    return `${nodes}|${letters}|${this.#writes},${this.#crashes},${this.#copies},${this.#removals}`;
  }

  #post(verb: string, at: number): void {
    const letter = this.#letters[at];
    if (!letter) return;
    if (verb !== "copy") this.#letters.splice(at, 1);
    else this.#copies++;
    const to = this.#actors[letter.to];
    const from = this.#actors[letter.from];
    if (verb === "lose" || !to?.node || !from) return;
    to.node.step({ kind: "received", from: from.id, message: letter.message }, to.now);
    this.#take(to);
  }

  #start(actor: Actor): void {
    actor.mirror = new Mirror();
    this.#checkers.started(actor);
    const stored = actor.disk.load();
    actor.node = new RaftNode({
      id: actor.id,
      kind: actor.kind,
      limits: { ...raftLimits, assistEntries: 0, founders: 64, minVoters: 1, ...this.#plan.limits },
      random: never,
      stored,
      freshInstance: noInstance as InstanceId,
      nowMs: actor.now,
      rules: { ...raftRules, asksFirst: () => false, isSticky: () => false, ...this.#plan.rules },
    });
    this.#checkers.restored(actor, stored?.entries ?? []);
  }

  #take(actor: Actor): void {
    const { node } = actor;
    if (!node) return;
    const effects = node.take();
    node.check();
    const { role, term } = node.status();
    const became = role === "leader" && (!actor.isLeader || term !== actor.term);
    actor.term = term;
    actor.isLeader = role === "leader";
    for (const entry of effects.apply) this.#checkers.applied(actor, entry, this.#actors);
    if (effects.persist) this.#checkers.persisting(actor, effects.persist);
    if (became) this.#checkers.elected(actor);
    const disks = new Map(this.#actors.map((one) => [one.id, one.disk]));
    for (const outcome of effects.outcomes) {
      if (outcome.kind !== "committed") continue;
      this.#checkers.acknowledged(actor, outcome.index, outcome.term, disks);
    }
    for (const { to, message } of effects.sends) {
      this.#checkers.sent(actor, to, message);
      this.#send(actor, to, message);
    }
    if (effects.persist) this.#write(actor, effects.persist);
  }

  #send(actor: Actor, target: MemberId, message: Message): void {
    if (message.kind === "hello" || this.#letters.length >= 2 * this.#plan.messagesMax) return;
    const from = this.#actors.indexOf(actor);
    const to = this.#actors.findIndex(({ id }) => id === target);
    const text = JSON.stringify([from, to, message]);
    if (this.#letters.filter((letter) => letter.text === text).length >= 1) return;
    this.#letters.push({ from, to, message, text });
  }

  #write(actor: Actor, batch: Persist): void {
    actor.disk.write(batch);
    actor.writing = batch.sequence;
    if (!this.#plan.slowDisks) this.#synced(actor);
  }

  #synced(actor: Actor): void {
    const sequence = actor.writing;
    if (sequence === undefined) return;
    actor.writing = undefined;
    actor.disk.sync();
    this.#checkers.durable(actor);
    actor.node?.step({ kind: "persisted", sequence }, actor.now);
    this.#take(actor);
  }
}
