/** The terms of positions of a log, as runs of equal terms: a few numbers for a long log. */
export class TermRuns {
  /** Each from its position to the next one's. Positions before the first are not known. */
  #runs: { readonly from: number; readonly term: number }[];
  #last: number;

  /** Begins with one known position. */
  constructor(index: number, term: number) {
    this.#runs = [{ from: index, term }];
    this.#last = index;
  }

  /** The last position. */
  get last(): number {
    return this.#last;
  }

  /** The term at a position, where it is known. */
  at(index: number): number | undefined {
    if (index > this.#last) return undefined;
    return this.#runs.findLast((run) => run.from <= index)?.term;
  }

  /** Adds the position after the last. */
  push(term: number): void {
    this.#last++;
    if (this.#runs.at(-1)?.term !== term) this.#runs.push({ from: this.#last, term });
  }

  /** Drops positions from `index` on. */
  truncateFrom(index: number): void {
    if (index > this.#last) return;
    this.#last = index - 1;
    while ((this.#runs.at(-1)?.from ?? 0) >= index) this.#runs.pop();
  }

  /** Forgets runs that end before a position. */
  forgetBefore(index: number): void {
    while ((this.#runs[1]?.from ?? index + 1) <= index) this.#runs.shift();
  }
}
