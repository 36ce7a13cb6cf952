import { concatBytes } from "@mosaik/primitives";
import { defineMachine } from "../../src/index.ts";

/** A change of one register, by an operation that is unlike any other. */
export interface Change {
  readonly operation: number;
  readonly key: number;
  readonly kind: "write" | "swap";
  /** A swap changes nothing where the register holds something else. */
  readonly expected: number;
  readonly value: number;
}

/** What a member's machine holds. */
export interface Book {
  /** Every operation, in the order in which they were applied. */
  readonly operations: readonly number[];
  /** The registers that were ever changed, and what they hold, in order of their keys. */
  readonly registers: readonly (readonly [key: number, value: number])[];
}

/** What a member is asked: a register, or everything. */
export type Question = { readonly key: number } | "everything";

/**
 * Registers, and the list of every operation that changed them: one that is lost or applied twice
 * shows. A change answers what the register held before.
 */
export class Registers {
  readonly #operations: number[] = [];
  readonly #values = new Map<number, number>();

  /** Carries out a change; answers what was there before. */
  apply({ operation, key, kind, expected, value }: Change): number {
    const before = this.#values.get(key) ?? 0;
    this.#operations.push(operation);
    if (kind === "write" || before === expected) this.#values.set(key, value);
    return before;
  }

  /** What a register holds. */
  at(key: number): number {
    return this.#values.get(key) ?? 0;
  }

  /** All of it. */
  get book(): Book {
    return {
      operations: [...this.#operations],
      registers: [...this.#values].sort(([one], [other]) => one - other),
    };
  }

  /** Becomes what a snapshot says. */
  restore(chunks: readonly Uint8Array[]): void {
    const bytes = concatBytes(...chunks);
    const words = new Float64Array(bytes.slice().buffer);
    const operations = words[0] ?? 0;
    this.#operations.length = 0;
    this.#values.clear();
    for (let at = 1; at <= operations; at++) this.#operations.push(words[at] ?? 0);
    for (let at = operations + 1; at < words.length; at += 2) {
      this.#values.set(words[at] ?? 0, words[at + 1] ?? 0);
    }
  }

  /** A snapshot, in chunks. */
  *snapshot(): Generator<Uint8Array> {
    const { operations, registers } = this.book;
    const words = Float64Array.from([operations.length, ...operations, ...registers.flat()]);
    const bytes = new Uint8Array(words.buffer);
    for (let at = 0; at < bytes.byteLength; at += chunkBytes) {
      yield bytes.subarray(at, at + chunkBytes);
    }
  }
}

const chunkBytes = 64 * 1_024;

/** What the members replicate. */
export const Ledger = defineMachine({
  name: "ledger",
  create: () => {
    const registers = new Registers();
    return {
      apply: (change: Change) => registers.apply(change),
      query: (question: Question): number | Book =>
        question === "everything" ? registers.book : registers.at(question.key),
      snapshot: () => registers.snapshot(),
      restore: (chunks) => registers.restore(chunks),
    };
  },
});
