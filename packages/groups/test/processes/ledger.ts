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

  /** All of it, in chunks: of operations, then of registers. */
  snapshot(): Uint8Array[] {
    const { operations, registers } = this.book;
    return [...cut(operationsFollow, operations), ...cut(registersFollow, registers.flat())];
  }

  /** Takes a chunk of a snapshot. */
  restore(chunk: Uint8Array): void {
    const [kind, ...words] = new Float64Array(chunk.slice().buffer);
    if (kind === operationsFollow) this.#operations.push(...words);
    else
      for (let at = 0; at < words.length; at += 2)
        this.#values.set(words[at] ?? 0, words[at + 1] ?? 0);
  }
}

const operationsFollow = 0;
const registersFollow = 1;
/** An even number: a register and its value stay together. */
const chunkWords = 8_192;

function cut(kind: number, words: readonly number[]): Uint8Array[] {
  const chunks: Uint8Array[] = [];
  for (let at = 0; at < words.length; at += chunkWords) {
    const chunk = Float64Array.from([kind, ...words.slice(at, at + chunkWords)]);
    chunks.push(new Uint8Array(chunk.buffer));
  }
  return chunks;
}

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
      restore: (chunk) => registers.restore(chunk),
    };
  },
});
