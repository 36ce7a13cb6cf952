import { type Random, randomInteger } from "@mosaik/primitives";
import { lanTimings } from "../../src/index.ts";
import { pause } from "./client.ts";
import type { MemberProcess } from "./member-process.ts";

/** How many faults of each kind. */
export interface Faults {
  /** A member is killed and started again. */
  readonly kills: number;
  /** All members are killed at once, and started again in any order. */
  readonly restarts: number;
  /** A member is stopped for up to five election timeouts. */
  readonly pauses: number;
}

/** A kind of fault. */
export type Fault = keyof Faults;

/** Longest time stopped, ms. */
const stoppedMsMax = 5 * lanTimings.electionMaxMs;
/** Longest time without a process, ms. */
const downMsMax = 300;
/** Between two faults, ms. */
const quietMsMax = 600;

/** Harms processes, in an order and for times that a seed decides. */
export class Nemesis {
  readonly #members: readonly MemberProcess[];
  readonly #random: Random;
  /** Resumptions and starts that are to come. */
  readonly #mending = new Set<Promise<void>>();

  constructor(members: readonly MemberProcess[], random: Random) {
    this.#members = members;
    this.#random = random;
  }

  /** All faults, in the order in which they are to happen. */
  plan({ kills, restarts, pauses }: Faults): Fault[] {
    const faults: Fault[] = [
      ...Array<Fault>(kills).fill("kills"),
      ...Array<Fault>(restarts).fill("restarts"),
      ...Array<Fault>(pauses).fill("pauses"),
    ];
    for (let at = faults.length - 1; at > 0; at--) {
      const other = randomInteger(this.#random, 0, at);
      [faults[at], faults[other]] = [faults[other] as Fault, faults[at] as Fault]; // both are there
    }
    return faults;
  }

  /** Lets a fault happen: resolves when it has, and what it broke mends itself by and by. */
  async strike(fault: Fault): Promise<void> {
    switch (fault) {
      case "kills":
        return this.#kill([this.#victim()]);
      case "restarts":
        return this.#kill(this.#members);
      case "pauses":
        return this.#pause(this.#victim());
      default:
        return fault satisfies never;
    }
  }

  /** A while without faults. */
  quiet(): Promise<void> {
    return pause(this.#random.next() * quietMsMax);
  }

  /** What the next fault waits for: a group that is whole, one that works, or nothing. */
  get patience(): "whole" | "working" | "none" {
    const draw = this.#random.next();
    return draw < 0.4 ? "whole" : draw < 0.85 ? "working" : "none";
  }

  /** Everything that was broken is mended: every member has a process that runs. */
  async mended(): Promise<void> {
    while (this.#mending.size > 0) await Promise.all(this.#mending);
  }

  /** The leader every other time, otherwise anybody who has a process. */
  #victim(): MemberProcess {
    const alive = this.#members.filter(({ isAlive }) => isAlive);
    const leader = alive.find(({ status }) => status?.role === "leader");
    const victim = alive[randomInteger(this.#random, 0, Math.max(0, alive.length - 1))];
    const chosen = leader && this.#random.next() < 0.5 ? leader : victim;
    return chosen ?? this.#members[0] ?? fail();
  }

  async #kill(victims: readonly MemberProcess[]): Promise<void> {
    await Promise.all(victims.map((victim) => victim.kill()));
    for (const victim of victims) {
      this.#mend(async () => {
        await pause(this.#random.next() * downMsMax);
        if (!victim.isAlive) victim.start();
      });
    }
  }

  async #pause(victim: MemberProcess): Promise<void> {
    victim.stop();
    const ms = this.#random.next() * stoppedMsMax;
    this.#mend(async () => {
      await pause(ms);
      victim.resume();
    });
  }

  #mend(act: () => Promise<void>): void {
    const mending = act().finally(() => this.#mending.delete(mending));
    this.#mending.add(mending);
  }
}

function fail(): never {
  throw new Error("there is no member");
}
