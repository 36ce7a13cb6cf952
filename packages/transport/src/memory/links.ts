import type { Clock, PeerId } from "@mosaik/primitives";
import { idealConditions, type MemoryConditions, type MemoryNetworkOptions } from "./config.ts";
import { Faults } from "./faults.ts";
import type { Frame } from "./frame.ts";
import type { Pipe } from "./pipe.ts";

/** What all links of a network share: time, chance, conditions, faults, and who waits for them. */
export class Links {
  readonly clock: Clock;
  readonly faults = new Faults();
  conditions: MemoryConditions;
  readonly #options: MemoryNetworkOptions;
  readonly #held = new Set<Pipe>();

  constructor(options: MemoryNetworkOptions) {
    this.#options = options;
    this.clock = options.clock;
    this.conditions = { ...idealConditions, ...options };
  }

  /** How long what is sent now is on its way, milliseconds. */
  latencyMs(from: PeerId, to: PeerId): number {
    const { latencyMs } = this.conditions;
    if (typeof latencyMs === "function") return latencyMs(from, to);
    const [min, max] = latencyMs;
    return max > min ? min + this.#options.random.next() * (max - min) : min;
  }

  /** Whether something of a probability happens now. */
  happens(probability: number): boolean {
    return probability > 0 && this.#options.random.next() < probability;
  }

  /** What arrives, in one piece or two. */
  pieces(bytes: Uint8Array): readonly Uint8Array[] {
    if (bytes.byteLength < 2 || !this.happens(this.conditions.split)) return [bytes];
    const at = 1 + Math.floor(this.#options.random.next() * (bytes.byteLength - 1));
    return [bytes.subarray(0, at), bytes.subarray(at)];
  }

  /** Writes down what is sent. */
  record(frame: Frame, from: PeerId, to: PeerId): void {
    this.#options.trace?.record(
      frame.kind,
      from,
      to,
      frame.kind === "data" ? frame.bytes : nothing,
    );
  }

  /** Writes down a fault. */
  recordFault(kind: string, from = "", to = ""): void {
    this.#options.trace?.record(kind, from, to, nothing);
  }

  /** Remembers a pipe that a fault holds up. */
  hold(pipe: Pipe): void {
    this.#held.add(pipe);
  }

  /** Forgets a pipe that has nothing to carry any more. */
  forget(pipe: Pipe): void {
    this.#held.delete(pipe);
  }

  /** Lets every pipe go on that no fault holds up any more. */
  release(): void {
    for (const pipe of [...this.#held]) {
      if (this.faults.blocks(pipe.from, pipe.to)) continue;
      this.#held.delete(pipe);
      pipe.resume();
    }
  }
}

const nothing = new Uint8Array(0);
