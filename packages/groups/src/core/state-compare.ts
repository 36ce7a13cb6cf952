import { checkpointsMax } from "../config.ts";
import type { Checkpoint } from "./replica.ts";

/**
 * Compares what members say of their states. A member whose state differs from what a majority of
 * the voters agree on has gone wrong, and must stop; where no majority agrees, nobody can tell who.
 *
 * 1. Only voters count, each with what it said last of a position.
 * 2. What is remembered is bounded: the latest positions only.
 */
export class StateCompare {
  readonly #own = new Map<number, string>();
  /** By position, then by member. */
  readonly #others = new Map<number, Map<string, string>>();

  /** Notes the own state. */
  own({ position, hash }: Checkpoint): void {
    this.#own.set(position, hash);
    trim(this.#own);
  }

  /** Notes another member's state. */
  other(member: string, { position, hash }: Checkpoint): void {
    const latest = Math.max(0, ...this.#own.keys());
    const isRoom = this.#others.size < checkpointsMax || this.#others.has(position);
    if (!isRoom && position < latest) return;
    const said = this.#others.get(position) ?? new Map<string, string>();
    said.set(member, hash);
    this.#others.set(position, said);
    trim(this.#others);
  }

  /** What the states of a position come to. `unclear`: some differ, and no majority agrees. */
  verdict(position: number, voters: readonly string[]): "same" | "wrong" | "unclear" {
    const own = this.#own.get(position);
    const said = this.#others.get(position);
    if (own === undefined || said === undefined) return "same";
    const counts = new Map<string, number>();
    for (const voter of voters) {
      const hash = said.get(voter);
      if (hash !== undefined && hash !== own) counts.set(hash, (counts.get(hash) ?? 0) + 1);
    }
    if (counts.size === 0) return "same";
    return Math.max(...counts.values()) * 2 > voters.length ? "wrong" : "unclear";
  }
}

function trim(positions: Map<number, unknown>): void {
  while (positions.size > checkpointsMax) {
    positions.delete(Math.min(...positions.keys()));
  }
}
