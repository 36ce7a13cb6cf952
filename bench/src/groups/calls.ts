import type { Operation } from "./cases.ts";
import type { Done } from "./drive.ts";
import type { Place } from "./side.ts";

/** What the coordinator asks of a process, and what it answers. */
export interface Calls {
  /** Is there, and has loaded its side. */
  hello: { ask: null; answer: null };
  /** Takes its place; answers where others find it. */
  open: { ask: Place; answer: string };
  /** Whether all members are there and follow one leader, and whether this one is it. */
  look: { ask: null; answer: { isWhole: boolean; leads: boolean } };
  /** Keeps so many operations on their way, for a time. */
  drive: {
    ask: { operation: Operation; outstanding: number; durationMs: number };
    answer: Done;
  };
  /** How many writes the group holds. */
  written: { ask: null; answer: number };
  /** Processor that this process has used, microseconds. */
  cpu: { ask: null; answer: number };
  /** Begins to write every few milliseconds. */
  probe: { ask: null; answer: null };
  /** When the first write that began after a time was committed; ends the probing. */
  committedAfter: { ask: { atUs: number }; answer: number };
  close: { ask: null; answer: null };
}
