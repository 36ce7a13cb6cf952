import { lookAgainMs } from "../config.ts";

/** A wait at a place that nobody is known to have. */
export interface Stuck {
  /** Whether nothing more is known of at all, or there is something behind what is missing. */
  readonly isEnd: boolean;
  readonly since: number;
  /** When keepers are asked again, and how long after that. */
  lookAt: number;
  lookMs: number;
}

/** A wait that begins. */
export function stuckAt(since: number, isEnd: boolean, lookAt: number): Stuck {
  return { isEnd, since, lookAt, lookMs: lookAgainMs.first };
}
