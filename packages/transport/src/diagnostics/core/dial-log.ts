import type { DialAttempt } from "../sections.ts";

/** What of dials is remembered: targets, the least recently dialled goes; and attempts at each. */
const targetsMax = 256;
const attemptsMax = 8;

/** Remembers the newest attempts to connect, by target. */
export class DialLog {
  readonly #targets = new Map<string, readonly DialAttempt[]>();

  /** Adds an attempt. */
  add(target: string, attempt: DialAttempt): void {
    const before = this.#targets.get(target) ?? [];
    this.#targets.delete(target);
    this.#targets.set(target, [...before, attempt].slice(-attemptsMax));
    const [oldest] = this.#targets.keys();
    if (this.#targets.size > targetsMax && oldest !== undefined) this.#targets.delete(oldest);
  }

  /** All that is remembered. */
  get targets(): Readonly<Record<string, DialAttempt[]>> {
    return Object.fromEntries([...this.#targets].map(([target, all]) => [target, [...all]]));
  }
}
