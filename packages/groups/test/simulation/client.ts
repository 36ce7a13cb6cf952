import { type Random, randomInteger } from "@mosaik/primitives";
import type { RegisterInput } from "@mosaik/testing";
import type { Answer } from "./answer.ts";
import type { Host } from "./host.ts";
import type { Simulation } from "./simulation.ts";

const giveUpMs = 6_000;
const operationsMax = 400;

/**
 * One client: an operation at a time, tried on one node after the other under one sequence number
 * until it is answered or given up, each written down as the client saw it.
 */
export class Client {
  readonly number: number;
  readonly acknowledged: number[] = [];
  isDone = false;
  readonly #sim: Simulation;
  readonly #random: Random;
  readonly #isProbe: boolean;
  readonly #readShare: number;
  readonly #attemptMs: number;
  #sequence = 0;
  #attempt = 0;
  #leader: Host | undefined;
  #stopped = false;

  constructor(sim: Simulation, number: number, isProbe = false) {
    this.#sim = sim;
    this.number = number;
    this.#isProbe = isProbe;
    this.#random = sim.random(`client ${number}`);
    this.#readShare = [0, 0.3, 0.5, 0.95][randomInteger(this.#random, 0, 3)] ?? 0.3;
    this.#attemptMs = this.#random.next() < 0.5 ? 150 : 1_500;
    sim.later(isProbe ? 0 : this.#random.next() * 200, () => this.#begin());
  }

  /** Begins nothing more. */
  stop(): void {
    this.#stopped = true;
  }

  #begin(): void {
    if (this.#stopped || this.#sequence >= operationsMax) return;
    const sim = this.#sim;
    const random = this.#random;
    const sequence = ++this.#sequence;
    const key = this.#isProbe ? 201 : randomInteger(random, 0, sim.swarm.keys - 1);
    const value = this.number * 100_000 + sequence;
    const reads = !this.#isProbe && random.next() < this.#readShare;
    const swaps = !this.#isProbe && random.next() < 0.3;
    const input: RegisterInput = reads
      ? { kind: "read" }
      : swaps
        ? { kind: "swap", expected: this.#lastSeen, value }
        : { kind: "write", value };
    this.#try(key, input, sequence, sim.nowMs);
  }

  #lastSeen = 0;

  #try(key: number, input: RegisterInput, sequence: number, calledAt: number): void {
    const sim = this.#sim;
    const random = this.#random;
    const attempt = ++this.#attempt;
    const host = this.#leader ?? sim.anyHost(random);
    this.#leader = undefined;
    let over = false;
    const retry = (): void => {
      if (over || attempt !== this.#attempt) return;
      over = true;
      if (!this.#isProbe && sim.nowMs - calledAt > giveUpMs) {
        return this.#note(key, input, sequence, calledAt, undefined);
      }
      this.#try(key, input, sequence, calledAt);
    };
    const answered = (answer: Answer): void => {
      sim.later(sim.swarm.delayMs * (0.3 + random.next()), () => {
        if (over || attempt !== this.#attempt) return;
        if (answer.kind === "done") {
          over = true;
          this.#leader = host;
          return this.#note(key, input, sequence, calledAt, answer.value);
        }
        const leader = answer.kind === "elsewhere" && answer.leader;
        if (leader) this.#leader = sim.hostOf(leader);
        sim.later(this.#leader ? 1 : 40, retry);
      });
    };
    sim.later(this.#attemptMs, retry);
    if (!host) return;
    const call = (): void => {
      const { client } = { client: this.number };
      if (input.kind === "read") return host.read(key, answered);
      const expected = input.kind === "swap" ? input.expected : 0;
      host.write(
        { client, sequence, key, kind: input.kind, expected, value: input.value },
        answered,
      );
    };
    sim.at(sim.swarm.delayMs * (0.3 + random.next()), {
      kind: "call",
      to: host.number,
      run: host.run,
      call,
    });
  }

  #note(
    key: number,
    input: RegisterInput,
    sequence: number,
    calledAt: number,
    output: number | undefined,
  ): void {
    const sim = this.#sim;
    const wrote = input.kind !== "read";
    if (output !== undefined) {
      if (wrote) this.acknowledged.push(sequence);
      if (input.kind === "read") this.#lastSeen = output;
      else if (output === 1) this.#lastSeen = input.value;
    }
    if (output !== undefined || wrote) {
      const base = { client: this.number, key, input, calledAt };
      sim.history.push(output === undefined ? base : { ...base, returnedAt: sim.nowMs, output });
    }
    if (this.#isProbe && sequence >= 3) {
      this.isDone = true;
      return;
    }
    sim.later(this.#isProbe ? 10 : this.#random.next() * 2 * sim.swarm.thinkMs, () =>
      this.#begin(),
    );
  }
}
