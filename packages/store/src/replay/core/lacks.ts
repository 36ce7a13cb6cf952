import type { PeerId } from "@mosaik/primitives";
import type { Holder } from "./known.ts";

/** Items of a run of a producer that a keeper turned out not to have. */
export interface Lack {
  readonly keeper: PeerId;
  readonly from: number;
  /** Not included. */
  readonly to: number;
}

/** What keepers turned out not to have of the run that is being read, in spite of what they said. */
export class Lacks {
  #lacks: Lack[] = [];

  add(lack: Lack): void {
    this.#lacks.push(lack);
  }

  /** Everything before a place is settled: forgets what was missing there. */
  passed(sequence: number): void {
    if (this.#lacks.length > 0) this.#lacks = this.#lacks.filter(({ to }) => to > sequence);
  }

  /** Whether a keeper may have an item. */
  has(holder: Holder, sequence: number): boolean {
    return (
      holder.first <= sequence &&
      sequence < holder.end &&
      this.#after(holder, sequence) === sequence
    );
  }

  /** Where the next item is that a keeper may have, behind one that none has. */
  nextKept(sequence: number, holders: readonly Holder[]): number | undefined {
    let nearest: number | undefined;
    for (const holder of holders) {
      const at = this.#after(holder, Math.max(holder.first, sequence));
      if (at > sequence && at < holder.end && at < (nearest ?? at + 1)) nearest = at;
    }
    return nearest;
  }

  /** The first item from one on that a keeper does not lack. */
  #after({ keeper }: Holder, sequence: number): number {
    let at = sequence;
    for (const lack of this.#lacks) {
      if (lack.keeper === keeper && lack.from <= at && at < lack.to) at = lack.to;
    }
    return at;
  }
}
