import { type Random, randomInteger, sample } from "@mosaik/primitives";
import type { MemberId } from "../../src/index.ts";
import { findMember } from "../../src/raft/member.ts";
import { votersOf } from "../../src/raft/membership.ts";
import type { CrashKind } from "./disk.ts";
import type { Host } from "./host.ts";
import type { Simulation } from "./simulation.ts";
import type { FaultKind } from "./swarm.ts";

/** Makes trouble, of the kinds that a run has, until it is told to heal everything. */
export class Nemesis {
  readonly #sim: Simulation;
  readonly #random: Random;
  /** Voters whose disk is gone: no majority may ever lose theirs. */
  readonly #lost = new Set<MemberId>();
  #over = false;
  /** How often it struck. */
  strikes = 0;

  constructor(sim: Simulation) {
    this.#sim = sim;
    this.#random = sim.random("nemesis");
  }

  /** Begins. */
  begin(): void {
    const { faults, faultEveryMs } = this.#sim.swarm;
    if (this.#over || faults.size === 0) return;
    const [fault] = sample(this.#random, [...faults], 1);
    if (fault) this.#strike(fault);
    this.#sim.later(faultEveryMs * (0.2 + 1.6 * this.#random.next()), () => this.begin());
  }

  /** Ends all trouble and starts whoever is down. */
  heal(): void {
    this.#over = true;
    const sim = this.#sim;
    sim.unblock();
    for (const host of sim.hosts) {
      host.pausedUntilMs = 0;
      host.diskSlowness = 1;
      host.failsNextWrite = false;
      if (host.node?.status().halted !== undefined) host.crash("kept");
      if (!host.node) this.#restart(host);
    }
    for (const a of sim.hosts) {
      for (const b of sim.hosts) {
        if (a === b) continue;
        sim.at(20, { kind: "bond", to: a.number, run: a.run, member: b.id, up: true });
      }
    }
  }

  /** Cuts a leader that has just committed off, with fewer than half of the others, if any. */
  spite(leader: Host): void {
    const sim = this.#sim;
    if (this.#over || this.#random.next() >= sim.swarm.spiteRate) return;
    const others = sim.hosts.filter((host) => host !== leader);
    const most = Math.ceil(others.length / 2) - 1;
    const along = sample(this.#random, others, randomInteger(this.#random, 0, Math.max(0, most)));
    const side = new Set([leader, ...along].map((host) => host.number));
    this.strikes++;
    sim.trace(() => `fault spite at ${leader.id}`);
    this.#cut((from, to) => (side.has(from) !== side.has(to) ? 2 : 0));
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
    this.strikes++;
    sim.trace(() => `fault ${fault} at ${host.id}`);
    switch (fault) {
      case "partition":
        return this.#cut((from, to) => (this.#side(from) !== this.#side(to) ? 2 : 0));
      case "one-way":
        return this.#cut((from, to) => (from === host.number && this.#side(to) ? 1 : 0));
      case "isolate-leader": {
        const leader = sim.hosts.find((other) => other.isLeader) ?? host;
        return this.#cut((from, to) => (from === leader.number || to === leader.number ? 2 : 0));
      }
      case "ring":
        return this.#cut((from, to) => {
          const gap = Math.abs(from - to);
          return gap === 1 || gap === sim.hosts.length - 1 ? 0 : 2;
        });
      case "swizzle":
        return this.#swizzle();
      case "crash":
        return this.#crash(host, this.#crashKind(), true);
      case "crash-all":
        for (const other of sim.hosts) this.#crash(other, this.#crashKind(), true);
        return;
      case "wipe":
        return this.#wipe(host);
      case "corrupt":
        return this.#corrupt(host);
      case "pause":
        host.pausedUntilMs = sim.nowMs + this.#duration();
        return;
      case "slow-disk":
        host.diskSlowness = randomInteger(random, 5, 100);
        sim.later(this.#duration(), () => {
          host.diskSlowness = 1;
        });
        return;
      case "failed-disk":
        host.failsNextWrite = true;
        sim.later(this.#duration(), () => {
          if (host.node?.status().halted !== undefined) this.#crash(host, "torn", true);
        });
        return;
      case "transfer": {
        const leader = sim.hosts.find((other) => other.isLeader);
        return leader?.command({ kind: "transfer", to: host.id });
      }
      case "removal": {
        const leader = sim.hosts.find((other) => other.isLeader);
        return leader?.command({ kind: "remove", member: host.id });
      }
      case "join": {
        if (sim.hosts.length >= 9) return;
        const newcomer = sim.addHost("data");
        sim.register(newcomer);
        return newcomer.start();
      }
      case "drift":
        return;
      default:
        return;
    }
  }

  #crashKind(): CrashKind {
    const draw = this.#random.next();
    if (this.#sim.swarm.faults.has("torn") && draw < 0.5) return "torn";
    return draw < 0.75 ? "dropped" : "kept";
  }

  #crash(host: Host, kind: CrashKind, comesBack: boolean): void {
    if (!host.node) return;
    host.crash(kind);
    if (comesBack) this.#sim.later(this.#duration(), () => this.#restart(host));
  }

  #restart(host: Host): void {
    if (!host.node) host.start();
  }

  /**
   * Whether this member's disk may go while a majority, witnesses not counted, keeps the data: also
   * when the leader takes another voter out, or promotes this one, before it knows.
   */
  #mayLose(host: Host): boolean {
    const { hosts } = this.#sim;
    const witnesses = new Set(hosts.filter((other) => other.isWitness).map((other) => other.id));
    const isGone = (id: MemberId): boolean =>
      id === host.id || this.#lost.has(id) || witnesses.has(id);
    for (const other of hosts) {
      if (!other.node && !this.#lost.has(other.id)) return false;
      for (const { configuration } of other.mirror.configurations.slice(-2)) {
        const own = findMember(configuration, host.id);
        const joins = own && !own.voting && own.kind !== "observer" ? [host.id] : [];
        const voters = [...votersOf(configuration), ...joins];
        const shrinks = voters.length > this.#sim.swarm.limits.minVoters;
        const spare = shrinks ? voters.length - 1 : voters.length;
        if (voters.filter(isGone).length * 2 >= spare && voters.includes(host.id)) return false;
      }
    }
    return true;
  }

  #wipe(host: Host): void {
    if (!host.node || !this.#mayLose(host)) return;
    this.#lost.add(host.id);
    this.#crash(host, "dropped", true);
    host.wipe();
    this.#sim.goals.add("disk lost");
  }

  #corrupt(host: Host): void {
    if (!host.node || !this.#mayLose(host)) return;
    const { disk } = host;
    if (disk.entries.length < 2) return;
    this.#crash(host, "dropped", true);
    const at = randomInteger(this.#random, 0, disk.entries.length - 1);
    this.#sim.goals.add("disk corrupted");
    if (this.#sim.mutant?.cutsAtBadRecord === true) {
      disk.entries.length = at;
      return;
    }
    this.#lost.add(host.id);
    host.wipe();
  }

  #sides = 0;

  #side(number: number): number {
    return (this.#sides >> number) & 1;
  }

  #cut(how: (from: number, to: number) => number): void {
    const sim = this.#sim;
    this.#sides = randomInteger(this.#random, 1, 2 ** sim.hosts.length - 2);
    const cut: [number, number][] = [];
    for (const { number: from } of sim.hosts) {
      for (const { number: to } of sim.hosts) {
        if (from === to || how(from, to) === 0) continue;
        sim.block(from, to, true);
        cut.push([from, to]);
      }
    }
    this.#bonds(cut, false);
    sim.later(this.#duration(), () => {
      for (const [from, to] of cut) sim.block(from, to, false);
      this.#bonds(cut, true);
    });
  }

  /** Bonds notice some cuts, late; and that they are over. */
  #bonds(cut: readonly (readonly [number, number])[], up: boolean): void {
    const sim = this.#sim;
    for (const [from, to] of cut) {
      const [a, b] = [sim.hosts[from], sim.hosts[to]];
      if (!a?.node || !b?.node || (!up && this.#random.next() < 0.5)) continue;
      const wait = up ? 20 : 300;
      sim.at(wait, { kind: "bond", to: to, run: b.run, member: a.id, up });
    }
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
            sim.block(number, other.number, blocked);
            sim.block(other.number, number, blocked);
          }
        });
      }
    }
  }
}
