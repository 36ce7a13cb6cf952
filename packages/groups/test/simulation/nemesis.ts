import { type Random, randomInteger, sample } from "@mosaik/primitives";
import type { CrashKind } from "./disk.ts";
import { DiskLosses } from "./disk-losses.ts";
import type { Host } from "./host.ts";
import type { Simulation } from "./simulation.ts";
import { type FaultKind, isLasting } from "./swarm.ts";

/** One decision to make trouble, named so that it can be left out. */
export interface Strike {
  readonly label: string;
  readonly fault: FaultKind;
  readonly atMs: number;
}

/**
 * Makes trouble, of the kinds that a run has, until it is told to heal everything. Each strike draws
 * from a source of its own: leaving one out changes none of the others.
 */
export class Nemesis {
  readonly #sim: Simulation;
  readonly #pace: Random;
  readonly #kinds: readonly FaultKind[];
  readonly #losses: DiskLosses;
  #random: Random;
  #begun = false;
  #over = false;
  #turns = 0;
  #commits = 0;
  /** What it did. */
  readonly strikes: Strike[] = [];

  constructor(sim: Simulation) {
    this.#sim = sim;
    this.#pace = sim.random("nemesis");
    this.#random = this.#pace;
    this.#kinds = [...sim.swarm.faults].filter((kind) => !isLasting(kind) && kind !== "spite");
    this.#losses = new DiskLosses(sim);
  }

  /** Begins. */
  begin(): void {
    this.#begun = true;
    const { faultEveryMs } = this.#sim.swarm;
    if (this.#over || this.#kinds.length === 0) return;
    const label = `${this.#turns++}`;
    const random = this.#sim.fresh(`strike ${label}`);
    const [fault] = sample(random, this.#kinds, 1);
    if (fault && this.#decides(label, fault)) {
      this.#random = random;
      this.#strike(fault);
    }
    this.#sim.later(faultEveryMs * (0.2 + 1.6 * this.#pace.next()), () => this.begin());
  }

  #decides(label: string, fault: FaultKind): boolean {
    const sim = this.#sim;
    if (!sim.allows(label, fault)) return false;
    this.strikes.push({ label, fault, atMs: sim.nowMs });
    sim.goals.add(`struck by ${fault}`);
    sim.trace(() => `strike ${label}: ${fault}`);
    return true;
  }

  /** Ends all trouble and starts whoever is down. */
  heal(): void {
    this.#over = true;
    const sim = this.#sim;
    sim.network.unblock();
    for (const host of sim.hosts) {
      sim.resume(host);
      host.diskSlowness = 1;
      host.failsNextWrite = false;
      if (host.node?.status().halted !== undefined) host.crash("kept");
      if (!host.node) this.#restart(host);
    }
    for (const a of sim.hosts) {
      for (const b of sim.hosts) if (a.number < b.number) sim.network.bond(a, b, true, 20);
    }
  }

  /** A leader was the first to know that an entry is committed: now and then it is cut off at once. */
  spite(leader: Host): void {
    const sim = this.#sim;
    const label = `spite ${this.#commits++}`;
    // Who founds is left in peace: apart, two who need nobody else found two groups, as they should.
    const isFounding = sim.swarm.founders === 0 && !this.#begun;
    if (this.#over || isFounding || !sim.swarm.faults.has("spite")) return;
    if (this.#pace.next() >= sim.swarm.spiteRate || !this.#decides(label, "spite")) return;
    this.#random = sim.fresh(label);
    const others = sim.hosts.filter((host) => host !== leader);
    const most = Math.ceil(others.length / 2) - 1;
    const along = sample(this.#random, others, randomInteger(this.#random, 0, Math.max(0, most)));
    const side = new Set([leader, ...along].map((host) => host.number));
    this.#cut((from, to) => side.has(from) !== side.has(to));
  }

  #duration(): number {
    const { electionMinMs } = this.#sim.swarm.limits;
    return electionMinMs * (0.2 + 8 * this.#random.next() ** 2);
  }

  #strike(fault: FaultKind): void {
    const sim = this.#sim;
    const random = this.#random;
    const host = sim.anyHost(random);
    if (!host) return;
    const leader = sim.hosts.find((other) => other.isLeader);
    switch (fault) {
      case "partition":
        return this.#cut((from, to) => this.#side(from) !== this.#side(to));
      case "one-way":
        return this.#cut((from, to) => from === host.number && this.#side(to) === 1);
      case "isolate-leader": {
        const { number } = leader ?? host;
        return this.#cut((from, to) => from === number || to === number);
      }
      case "ring":
        return this.#cut((from, to) => {
          const gap = Math.abs(from - to);
          return gap !== 1 && gap !== sim.hosts.length - 1;
        });
      case "swizzle":
        return this.#swizzle();
      case "crash":
        return this.#crash(host, this.#crashKind());
      case "crash-all":
        for (const other of sim.hosts) this.#crash(other, this.#crashKind());
        return;
      case "wipe":
        return this.#wipe(host);
      case "lost-change":
        return this.#loseChange();
      case "corrupt":
        return this.#corrupt(host);
      case "pause":
        return sim.pause(host, this.#duration());
      case "slow-disk":
        host.diskSlowness = randomInteger(random, 5, 100);
        sim.later(this.#duration(), () => {
          host.diskSlowness = 1;
        });
        return;
      case "failed-disk":
        host.failsNextWrite = true;
        sim.later(this.#duration(), () => {
          if (host.node?.status().halted !== undefined) this.#crash(host, "torn");
        });
        return;
      case "transfer":
        return leader?.command({ kind: "transfer", to: host.id });
      case "removal":
        return leader?.command({ kind: "remove", member: host.id });
      case "join": {
        if (sim.hosts.length >= 9) return;
        const newcomer = sim.addHost("data");
        sim.register(newcomer);
        return newcomer.start();
      }
      default:
        return;
    }
  }

  #crashKind(): CrashKind {
    const draw = this.#random.next();
    if (this.#sim.swarm.faults.has("torn") && draw < 0.5) return "torn";
    return draw < 0.75 ? "dropped" : "kept";
  }

  #crash(host: Host, kind: CrashKind): void {
    if (!host.node) return;
    host.crash(kind);
    this.#sim.later(this.#duration(), () => this.#restart(host));
  }

  #restart(host: Host): void {
    if (!host.node) host.start();
  }

  #wipe(host: Host): void {
    if (!host.node || !this.#losses.isBearable(host)) return;
    this.#losses.note(host);
    this.#crash(host, "dropped");
    host.wipe();
    this.#sim.goals.add("disk lost");
  }

  /** Takes the disks of whoever a change that is not committed would need, as far as can be borne. */
  #loseChange(): void {
    const leader = this.#sim.hosts.find((other) => other.isLeader);
    const change = leader?.node?.status();
    if (!leader || !change) return;
    const steps = leader.mirror.configurations;
    const last = steps.at(-1);
    if (!last || last.index <= change.commit) return;
    const others = this.#sim.hosts.filter((host) => host !== leader);
    for (const host of sample(this.#random, others, others.length)) this.#wipe(host);
    this.#sim.goals.add("disks lost in a change");
  }

  #corrupt(host: Host): void {
    if (!host.node || !this.#losses.isBearable(host)) return;
    const { disk } = host;
    if (disk.entries.length < 2) return;
    this.#sim.goals.add("disk corrupted");
    const at = randomInteger(this.#random, 0, disk.entries.length - 1);
    if (this.#sim.mutant?.cutsAtBadRecord === true) {
      this.#crash(host, "dropped");
      disk.entries.length = at;
      return;
    }
    this.#losses.note(host);
    this.#crash(host, "dropped");
    host.wipe();
  }

  #sides = 0;

  #side(number: number): number {
    return (this.#sides >> number) & 1;
  }

  /** Blocks links for a while; half of the bonds are noticed to be gone. */
  #cut(isCut: (from: number, to: number) => boolean): void {
    const { hosts, network } = this.#sim;
    this.#sides = randomInteger(this.#random, 1, 2 ** hosts.length - 2);
    const cut: [Host, Host][] = [];
    for (const from of hosts) {
      for (const to of hosts) {
        if (from === to || !isCut(from.number, to.number)) continue;
        network.block(from.number, to.number, true);
        cut.push([from, to]);
        if (this.#random.next() < 0.5) network.bond(from, to, false, 300);
      }
    }
    this.#sim.later(this.#duration(), () => {
      for (const [from, to] of cut) network.block(from.number, to.number, false);
      for (const [from, to] of cut) network.bond(from, to, true, 20);
    });
  }

  /** Cuts nodes off one after the other, and lets them back in another order. */
  #swizzle(): void {
    const sim = this.#sim;
    for (const { number } of sample(this.#random, sim.hosts, sim.hosts.length)) {
      const from = this.#duration();
      const until = from + this.#duration();
      for (const [wait, blocked] of [
        [from, true],
        [until, false],
      ] as const) {
        sim.later(wait, () => {
          if (this.#over) return;
          for (const other of sim.hosts) {
            if (other.number === number) continue;
            sim.network.block(number, other.number, blocked);
            sim.network.block(other.number, number, blocked);
          }
        });
      }
    }
  }
}
