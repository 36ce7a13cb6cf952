import { type Random, randomInteger, sample, seededRandom } from "@mosaik/primitives";
import type { Operation, RegisterInput } from "@mosaik/testing";
import { type MemberId, type MemberKind, memberId } from "../../src/raft/member.ts";
import type { Message } from "../../src/raft/messages.ts";
import { Checkers } from "./checkers.ts";
import { Client } from "./client.ts";
import type { Disk } from "./disk.ts";
import { EventHeap, type Timed } from "./event-heap.ts";
import { Host } from "./host.ts";
import { mix } from "./machine.ts";
import type { Mutant } from "./mutant.ts";
import { Nemesis, type Strike } from "./nemesis.ts";
import { Network } from "./network.ts";
import { genesisEntry, lateReplies, prepareDisks } from "./starts.ts";
import { drawSwarm, type FaultKind, isLasting, type Swarm } from "./swarm.ts";
import { checkAcknowledged, checkEnd } from "./verdict.ts";
import { Violation } from "./violation.ts";

/** What is scheduled. */
export type SimEvent = Timed &
  (
    | {
        kind: "message";
        to: number;
        source: number;
        from: MemberId;
        target: MemberId;
        message: Message;
      }
    | { kind: "tick"; to: number; run: number; atLocalMs: number }
    | { kind: "fsync"; to: number; run: number; sequence: number; does: "says" | "writes" | "both" }
    | { kind: "bond"; to: number; run: number; member: MemberId; of: number; up: boolean }
    | { kind: "call"; to: number; run: number; call: () => void }
    | { kind: "world"; call: () => void }
  );

/** Which run: all of it follows from the seed, less what is left out. Plain data, to be kept. */
export interface SimPlan {
  readonly seed: number;
  /** Kinds of trouble left out. */
  readonly without?: readonly FaultKind[];
  /** The only strikes carried out, by their labels. */
  readonly strikes?: readonly string[];
  /** No more than so many nodes, clients and ms of trouble. */
  readonly nodes?: number;
  readonly clients?: number;
  readonly chaosMs?: number;
}

/** What a run is asked. */
export interface SimOptions extends SimPlan {
  readonly mutant?: Mutant;
  /** Gets a line for each event. */
  readonly onTrace?: (line: string) => void;
}

/** What came of a run. */
export interface SimResult {
  readonly seed: number;
  readonly violation: string | undefined;
  readonly events: number;
  readonly simulatedMs: number;
  /** Equal for equal runs. */
  readonly traceHash: number;
  readonly goals: ReadonlySet<string>;
  readonly faults: readonly FaultKind[];
  readonly strikes: readonly Strike[];
  readonly nodes: number;
  readonly clients: number;
  readonly acknowledged: number;
  /** Histories that were too long to search to the end. */
  readonly undecided: number;
}

const healedBudgetMs = 30_000;
const quietMs = 2_000;

/** One seeded run of a whole group in virtual time. */
export class Simulation {
  readonly swarm: Swarm;
  readonly hosts: Host[] = [];
  readonly disks = new Map<MemberId, Disk>();
  readonly checkers = new Checkers();
  readonly goals = new Set<string>();
  readonly clients: Client[] = [];
  readonly mutant: Mutant | undefined;
  readonly network: Network;
  readonly history: (Operation<RegisterInput, number | undefined> & { readonly key: number })[] =
    [];
  nowMs = 0;
  healed = false;
  events = 0;
  traceHash = 1;
  readonly #heap = new EventHeap<SimEvent>();
  readonly #nemesis: Nemesis;
  readonly #options: SimOptions;
  readonly #without: ReadonlySet<FaultKind>;
  readonly #strikes: ReadonlySet<string> | undefined;
  readonly #randoms = new Map<string, Random>();
  readonly #hostOf = new Map<MemberId, Host>();

  constructor(options: SimOptions) {
    this.#options = options;
    this.#without = new Set(options.without);
    this.#strikes = options.strikes && new Set(options.strikes);
    this.mutant = options.mutant;
    this.network = new Network(this);
    const drawn = drawSwarm(this.random("swarm"));
    const swarm = options.mutant?.swarm?.(drawn, this.random("mutant")) ?? drawn;
    this.swarm = smaller(swarm, options, this.#without);
    this.#nemesis = new Nemesis(this);
  }

  /** The source of randomness for a concern, so that one does not shift the others. */
  random(concern: string): Random {
    const known = this.#randoms.get(concern);
    if (known) return known;
    const made = this.fresh(concern);
    this.#randoms.set(concern, made);
    return made;
  }

  /** A new source, which starts where every one of its name starts. */
  fresh(concern: string): Random {
    let seed = this.#options.seed | 0;
    for (const letter of concern) seed = mix(seed, letter.charCodeAt(0));
    return seededRandom(seed);
  }

  /** Whether a strike is part of this run. */
  allows(label: string, fault: FaultKind): boolean {
    return !this.#without.has(fault) && this.#strikes?.has(label) !== false;
  }

  /** Runs to the end. */
  run(): SimResult {
    let violation: string | undefined;
    let undecided = 0;
    try {
      this.#begin();
      this.#drive(this.swarm.chaosMs);
      this.#heal();
      undecided = checkEnd(this, this.#nemesis.strikes.length);
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      violation = error instanceof Violation ? error.message : `${error.name}: ${error.message}`;
      if (!(error instanceof Violation) && error.name !== "InvariantError") {
        violation = `unexpected ${error.stack}`;
      }
    }
    return {
      seed: this.#options.seed,
      violation,
      events: this.events,
      simulatedMs: this.nowMs,
      traceHash: this.traceHash,
      goals: new Set([...this.goals, ...this.checkers.goals]),
      faults: [...this.swarm.faults].filter((fault) => !this.#without.has(fault)),
      strikes: this.#nemesis.strikes,
      nodes: this.swarm.kinds.length,
      clients: this.swarm.clients,
      acknowledged: this.clients.reduce((sum, client) => sum + client.acknowledged.length, 0),
      undecided,
    };
  }

  /** Schedules. */
  at(afterMs: number, event: DistributiveOmit<SimEvent, "atMs" | "order">): void {
    const timed = event as SimEvent; // the two fields are added here, in place
    timed.atMs = this.nowMs + afterMs;
    timed.order = 0;
    this.#heap.push(timed);
  }

  /** A leader was the first to know that an entry is committed. */
  committed(leader: Host): void {
    if (!this.healed) this.#nemesis.spite(leader);
  }

  /** Calls later, outside of any node. */
  later(afterMs: number, call: () => void): void {
    this.at(afterMs, { kind: "world", call });
  }

  /** Adds a node. */
  addHost(kind: MemberKind): Host {
    const host = new Host(this, this.hosts.length, kind);
    this.hosts.push(host);
    return host;
  }

  /** Lets a node be found by its id. */
  register(host: Host): void {
    this.#hostOf.set(host.id, host);
    this.disks.set(host.id, host.disk);
  }

  /** The node that now has an id. */
  hostOf(id: MemberId): Host | undefined {
    return this.#hostOf.get(id);
  }

  /** Forgets an incarnation whose disk is gone. */
  forget(id: MemberId): void {
    this.#hostOf.delete(id);
  }

  /** Stops a node for a while, or for longer; whatever comes meanwhile waits in order. */
  pause(host: Host, forMs: number): void {
    host.pausedUntilMs = Math.max(host.pausedUntilMs, this.nowMs + forMs);
    this.later(host.pausedUntilMs - this.nowMs, () => {
      if (host.pausedUntilMs < this.nowMs + 0.001) this.resume(host);
    });
  }

  /** Lets a node go on, with what waited for it first. */
  resume(host: Host): void {
    host.pausedUntilMs = 0;
    for (const event of host.inbox.splice(0)) this.#handle(event);
  }

  /** Adds to what must be equal when the seed is equal. */
  note(value: number): void {
    this.traceHash = mix(this.traceHash, value);
  }

  /** Writes a line of the trace. */
  trace(line: () => string): void {
    this.#options.onTrace?.(`${this.nowMs.toFixed(1)} ${line()}`);
  }

  #begin(): void {
    const { swarm } = this;
    this.goals.add(`began at ${swarm.start}`);
    for (const kind of swarm.kinds) this.addHost(kind);
    const founders = this.hosts.slice(0, swarm.founders);
    if (founders.length > 0) {
      const disks = founders.map((host) => host.disk);
      prepareDisks(swarm.start, disks, genesisEntry(founders), this.random("start"));
    }
    for (const host of this.hosts) this.register(host);
    for (const host of this.hosts) {
      // The last of figure 8, who would overwrite the others' entry, is away while they spread it.
      const isLate = swarm.start === "figure-8" && host.number === swarm.founders - 1;
      if (!isLate) host.start();
      else this.later(this.random("start").next() * 2_000, () => !host.node && host.start());
    }
    if (swarm.start === "late-replies") this.#sendLateReplies();
    for (let number = 0; number < swarm.clients; number++) {
      this.clients.push(new Client(this, number + 1));
    }
    this.later(swarm.founders === 0 ? 8_000 : 500, () => this.#nemesis.begin());
  }

  #sendLateReplies(): void {
    const random = this.random("late replies");
    const [leader, follower] = sample(random, this.hosts.slice(0, this.swarm.founders), 2);
    if (!leader || !follower) return;
    const event = { kind: "message", from: follower.id, target: leader.id } as const;
    const [to, source] = [leader.number, follower.number];
    for (const { afterMs, ...message } of lateReplies(random)) {
      this.at(afterMs, { ...event, to, source, message });
    }
  }

  #drive(untilMs: number): void {
    for (let event = this.#heap.pop(); event; event = this.#heap.pop()) {
      if (event.atMs > untilMs) {
        this.#heap.push(event);
        break;
      }
      this.nowMs = Math.max(this.nowMs, event.atMs);
      this.#handle(event);
    }
    this.nowMs = Math.max(this.nowMs, untilMs);
  }

  #handle(event: SimEvent): void {
    if (event.kind === "world") return event.call();
    const host = this.hosts[event.to];
    if (!host) return;
    if (host.pausedUntilMs > 0) {
      host.inbox.push(event);
      return;
    }
    if (event.kind === "message" && this.network.isBlocked(event.source, event.to)) return;
    this.events++;
    this.note(Math.floor(event.atMs * 1_000) ^ (event.to << 20) ^ event.kind.length);
    host.handle(event);
  }

  /** Second phase: everything works again, and within a bounded time the group must too. */
  #heal(): void {
    this.healed = true;
    this.#nemesis.heal();
    for (const client of this.clients) client.stop();
    const probe = new Client(this, 500, true);
    const deadline = this.nowMs + healedBudgetMs;
    while (this.nowMs < deadline && !this.#converged(probe)) this.#drive(this.nowMs + 250);
    if (!probe.isDone) throw new Violation("liveness: no command is committed after healing");
    if (!this.#converged(probe)) throw new Violation("liveness: members do not converge");
    checkAcknowledged(this);
    this.#drive(this.nowMs + quietMs);
    this.goals.add("healed");
  }

  #converged(probe: Client): boolean {
    if (!probe.isDone) return false;
    const live = this.hosts.filter((host) => host.isMember);
    const [first] = live;
    return live.every((host) => host.machine.applied === first?.machine.applied && host.isWell);
  }

  /** A node, up or not, drawn at random. */
  anyHost(random: Random): Host | undefined {
    return this.hosts[randomInteger(random, 0, this.hosts.length - 1)];
  }

  /** The id of a node's first or next incarnation. */
  idOf(number: number, incarnation: number): MemberId {
    return memberId(`n${number}`, `${incarnation}`);
  }
}

/** A swarm with no more in it than a plan allows. */
function smaller(swarm: Swarm, plan: SimPlan, without: ReadonlySet<FaultKind>): Swarm {
  const kinds = swarm.kinds.slice(0, plan.nodes ?? swarm.kinds.length);
  const faults = [...swarm.faults].filter((kind) => !isLasting(kind) || !without.has(kind));
  return {
    ...swarm,
    kinds,
    founders: Math.min(swarm.founders, kinds.length),
    faults: new Set(faults),
    clients: Math.min(swarm.clients, plan.clients ?? swarm.clients),
    chaosMs: Math.min(swarm.chaosMs, plan.chaosMs ?? swarm.chaosMs),
  };
}

type DistributiveOmit<Union, Key extends PropertyKey> = Union extends unknown
  ? Omit<Union, Key>
  : never;
