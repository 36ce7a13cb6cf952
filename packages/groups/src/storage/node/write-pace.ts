/** A write that takes longer is not quick, ms: a disk that has other work, or one that fails. */
const quickMs = 4;
/** So many quick ones in a row, and the next is made in place. */
const quickRun = 16;
/** A larger write is never made in place, bytes. */
const inPlaceBytesMax: number = 64 * 1_024;

/**
 * Decides whether a write is made in place, which holds up the process for as long as it takes, or by
 * another thread, which costs two changes of threads: on a quick disk more than the write itself.
 *
 * In place only where the last ones were quick, so that a disk that is slow, or hangs, holds up the
 * process with one write and no more, until it has been quick again for a while.
 */
export class WritePace {
  readonly #mayHoldUp: boolean;
  #quick = 0;

  /** `mayHoldUp`: whether writes may be made in place at all. */
  constructor(mayHoldUp: boolean) {
    this.#mayHoldUp = mayHoldUp;
  }

  /** Whether a write of so many bytes is to be made in place. */
  isInPlace(bytes: number): boolean {
    return this.#mayHoldUp && this.#quick >= quickRun && bytes <= inPlaceBytesMax;
  }

  /** A write took so long, ms, whichever way it was made. */
  took(ms: number): void {
    this.#quick = ms <= quickMs ? this.#quick + 1 : 0;
  }
}
