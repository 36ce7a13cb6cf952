import type { Random } from "@mosaik/primitives";
import type { MemberId } from "../../src/raft/member.ts";
import type { Message } from "../../src/raft/messages.ts";
import { forged } from "./forgery.ts";
import type { Host } from "./host.ts";
import type { Simulation } from "./simulation.ts";

/**
 * What carries messages between nodes, and tells them who is there.
 *
 * 1. A blocked link delivers nothing, not even what was on its way.
 * 2. A node hears that a bond is lost only while the other is out of reach, and that there is one only
 *    while it is not: whatever comes late, the last word is true.
 */
export class Network {
  readonly #sim: Simulation;
  readonly #random: Random;
  readonly #forgery: Random;
  readonly #blocked = new Set<number>();

  constructor(sim: Simulation) {
    this.#sim = sim;
    this.#random = sim.random("network");
    this.#forgery = sim.random("forgery");
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

  /** Whether two nodes can have a bond. */
  isReachable(a: Host, b: Host): boolean {
    if (!a.node || !b.node) return false;
    return !this.isBlocked(a.number, b.number) && !this.isBlocked(b.number, a.number);
  }

  /** Whether some link is blocked. */
  get isCut(): boolean {
    return this.#blocked.size > 0;
  }

  /** Both will hear about their bond. */
  bond(a: Host, b: Host, up: boolean, afterMs: number): void {
    const bond = { kind: "bond", up } as const;
    this.#sim.at(afterMs, { ...bond, to: a.number, run: a.run, member: b.id, of: b.number });
    this.#sim.at(afterMs, { ...bond, to: b.number, run: b.run, member: a.id, of: a.number });
  }

  /** Sends a message, which arrives once, never, late or twice. */
  transmit(from: Host, target: MemberId, sent: Message): void {
    const sim = this.#sim;
    const message = this.#lies(sent) ? forged(sent) : sent;
    const to = sim.hostOf(target);
    if (!to || this.isBlocked(from.number, to.number)) return;
    const random = this.#random;
    const { faults, lossRate, delayMs, lateRate } = sim.swarm;
    const has = (fault: "loss" | "duplication" | "reorder"): boolean =>
      !sim.healed && faults.has(fault);
    if (has("loss") && random.next() < lossRate) return;
    const copies = has("duplication") && random.next() < 0.15 ? 2 : 1;
    for (let copy = 0; copy < copies; copy++) {
      let delay = delayMs * (0.5 + random.next() * 0.1);
      if (has("reorder") && random.next() < 0.1) delay += random.next() * 40 * delayMs;
      if (has("reorder") && random.next() < lateRate) delay += random.next() * 5_000;
      if (copy > 0) delay += random.next() ** 4 * 2_000;
      const [number, source] = [to.number, from.number];
      sim.at(delay, { kind: "message", to: number, source, from: from.id, target, message });
    }
  }

  #lies({ kind }: Message): boolean {
    const { healed, swarm } = this.#sim;
    return kind === "fetch-reply" && !healed && this.#forgery.next() < swarm.forgeRate;
  }
}
