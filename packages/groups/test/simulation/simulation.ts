import { type Random, randomInteger, seededRandom } from "@mosaik/primitives";
import {
  checkLinearizable,
  type Operation,
  type RegisterInput,
  registerModel,
} from "@mosaik/testing";
import { type MemberId, memberId } from "../../src/index.ts";
import type { MemberKind } from "../../src/raft/member.ts";
import type { Message } from "../../src/raft/messages.ts";
import { Checkers, Violation } from "./checkers.ts";
import { Client } from "./client.ts";
import type { Disk } from "./disk.ts";
import { EventHeap, type Timed } from "./event-heap.ts";
import { Host } from "./host.ts";
import { mix } from "./machine.ts";
import type { Mutant } from "./mutant.ts";
import { Nemesis } from "./nemesis.ts";
import { genesisEntry, prepareDisks } from "./starts.ts";
import { drawSwarm, type FaultKind, type Swarm } from "./swarm.ts";

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
    | { kind: "bond"; to: number; run: number; member: MemberId; up: boolean }
    | { kind: "call"; to: number; run: number; call: () => void }
    | { kind: "world"; call: () => void }
  );

/** What a run is asked. */
export interface SimOptions {
  readonly seed: number;
  /** Kinds of trouble left out. */
  readonly without?: ReadonlySet<FaultKind>;
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
  readonly acknowledged: number;
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
  readonly history: (Operation<RegisterInput, number | undefined> & { readonly key: number })[] =
    [];
  readonly random: (concern: string) => Random;
  /** Canonical order of first applications, by client and sequence. */
  readonly appliedOnce = new Set<number>();
  nowMs = 0;
  healed = false;
  events = 0;
  traceHash = 1;
  acknowledged = 0;
  readonly #heap = new EventHeap<SimEvent>();
  readonly #network: Random;
  readonly #blocked = new Set<number>();
  readonly #nemesis: Nemesis;
  readonly #options: SimOptions;
  readonly #hostOf = new Map<MemberId, Host>();

  constructor(options: SimOptions) {
    this.#options = options;
    this.mutant = options.mutant;
    const randoms = new Map<string, Random>();
    this.random = (concern) => {
      const known = randoms.get(concern);
      if (known) return known;
      let seed = options.seed | 0;
      for (const letter of concern) seed = mix(seed, letter.charCodeAt(0));
      const made = seededRandom(seed);
      randoms.set(concern, made);
      return made;
    };
    this.#network = this.random("network");
    const drawn = drawSwarm(this.random("swarm"));
    const swarm = options.mutant?.swarm?.(drawn, this.random("mutant")) ?? drawn;
    const faults = [...swarm.faults].filter((kind) => !options.without?.has(kind));
    this.swarm = { ...swarm, faults: new Set(faults) };
    this.#nemesis = new Nemesis(this);
  }

  /** Runs to the end. */
  run(): SimResult {
    let violation: string | undefined;
    try {
      this.#begin();
      this.#drive(this.swarm.chaosMs);
      this.#heal();
      this.#finish();
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
      goals: this.goals,
      faults: [...this.swarm.faults],
      acknowledged: this.acknowledged,
      undecided: this.undecided,
    };
  }

  undecided = 0;
  inflation = 0;

  /** Schedules. */
  at(afterMs: number, event: DistributiveOmit<SimEvent, "atMs" | "order">): void {
    const timed = event as SimEvent; // the two fields are added here, in place
    timed.atMs = this.nowMs + afterMs;
    timed.order = 0;
    this.#heap.push(timed);
  }

  /** A leader was the first to know that an entry is committed. */
  committed(leader: Host): void {
    if (!this.healed && this.swarm.faults.has("spite")) this.#nemesis.spite(leader);
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

  /** Blocks or opens one direction between two nodes. */
  block(from: number, to: number, blocked: boolean): void {
    const link = from * 64 + to;
    if (blocked) this.#blocked.add(link);
    else this.#blocked.delete(link);
  }

  /** Whether one direction is blocked. */
  isBlocked(from: number, to: number): boolean {
    return this.#blocked.has(from * 64 + to);
  }

  /** Opens all links. */
  unblock(): void {
    this.#blocked.clear();
  }

  /** Sends a message through the network. */
  transmit(from: Host, target: MemberId, message: Message): void {
    const to = this.#hostOf.get(target);
    if (!to || this.isBlocked(from.number, to.number)) return;
    const random = this.#network;
    const { faults, lossRate, delayMs } = this.swarm;
    const troubled = !this.healed;
    if (troubled && faults.has("loss") && random.next() < lossRate) return;
    const copies = troubled && faults.has("duplication") && random.next() < 0.15 ? 2 : 1;
    for (let copy = 0; copy < copies; copy++) {
      let delay = delayMs * (0.5 + random.next() * 0.1);
      if (troubled && faults.has("reorder") && random.next() < 0.1)
        delay += random.next() * 40 * delayMs;
      if (troubled && faults.has("reorder") && random.next() < this.swarm.lateRate)
        delay += random.next() * 5_000;
      if (copy > 0) delay += random.next() ** 4 * 2_000;
      this.at(delay, {
        kind: "message",
        to: to.number,
        source: from.number,
        from: from.id,
        target,
        message,
      });
    }
  }

  /** Adds to what must be equal when the seed is equal. */
  note(value: number): void {
    this.traceHash = mix(this.traceHash, value);
  }

  /** Writes a line of the trace. */
  trace(line: () => string): void {
    this.#options.onTrace?.(`${this.nowMs.toFixed(2)} ${line()}`);
  }

  #begin(): void {
    const { swarm } = this;
    for (const kind of swarm.kinds) this.addHost(kind);
    const founders = this.hosts.slice(0, swarm.founders);
    if (founders.length > 0) {
      const genesis = genesisEntry(founders);
      prepareDisks(
        swarm.start,
        founders.map((host) => host.disk),
        genesis,
        this.random("start"),
      );
    }
    for (const host of this.hosts) this.register(host);
    for (const host of this.hosts) host.start();
    for (let number = 0; number < swarm.clients; number++) {
      this.clients.push(new Client(this, number + 1));
    }
    this.later(swarm.founders === 0 ? 8_000 : 500, () => this.#nemesis.begin());
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
    if (host.pausedUntilMs > this.nowMs) {
      event.atMs = host.pausedUntilMs;
      return this.#heap.push(event);
    }
    if (event.kind === "message" && this.isBlocked(event.source, event.to)) return;
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
    if (!this.#converged(probe)) throw new Violation(`liveness: members do not converge`);
    this.#drive(this.nowMs + quietMs);
    this.goals.add("healed");
  }

  #converged(probe: Client): boolean {
    if (!probe.isDone) return false;
    const live = this.hosts.filter((host) => host.isMember);
    const [first] = live;
    return live.every((host) => host.machine.applied === first?.machine.applied && host.isWell);
  }

  #finish(): void {
    for (const operation of this.history) {
      if (operation.returnedAt === undefined || operation.input.kind === "read") continue;
      this.acknowledged++;
    }
    for (const client of this.clients) {
      for (const sequence of client.acknowledged) {
        if (!this.appliedOnce.has(client.number * 2 ** 20 + sequence)) {
          throw new Violation(`an acknowledged command was never applied`);
        }
      }
    }
    for (let key = 0; key < this.swarm.keys; key++) {
      const history = this.history.filter((operation) => operation.key === key);
      const verdict = checkLinearizable(registerModel(0), history, 200_000);
      if (verdict.state === "undecided") this.undecided++;
      if (verdict.state !== "violated") continue;
      throw new Violation(`not linearizable: ${JSON.stringify(verdict.stuckAt)}`);
    }
    const inflation = this.checkers.highestTerm - this.checkers.leaders;
    if (inflation > 20 + this.#nemesis.strikes) {
      throw new Violation(`liveness: ${inflation} terms without a leader`);
    }
    this.inflation = inflation / (this.#nemesis.strikes + 1);
    if (this.swarm.founders === 0) this.goals.add("founded");
    if (this.checkers.leaders >= 3) this.goals.add("three leaders");
  }

  /** A node that is up, drawn at random. */
  anyHost(random: Random): Host | undefined {
    return this.hosts[randomInteger(random, 0, this.hosts.length - 1)];
  }

  /** The id of a node's first or next incarnation. */
  idOf(number: number, incarnation: number): MemberId {
    return memberId(`n${number}`, `${incarnation}`);
  }
}

type DistributiveOmit<Union, Key extends PropertyKey> = Union extends unknown
  ? Omit<Union, Key>
  : never;
