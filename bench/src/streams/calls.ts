import type { Arrived } from "./arrivals.ts";
import type { BenchCase } from "./cases.ts";
import type { Sent } from "./pump.ts";

/** What the coordinator asks of a process, and what it answers. */
export interface Calls {
  /** Is there, and has loaded its side. */
  hello: { ask: null; answer: null };
  /** Makes the producer's end of a case; answers where consumers connect. */
  produce: {
    ask: { bench: BenchCase; broker: string };
    answer: { address: string; itemBytes: number };
  };
  /** Makes the end of a consumer. */
  consume: { ask: { bench: BenchCase; broker: string; address: string }; answer: null };
  /** Waits until the producer has all its consumers. */
  ready: { ask: null; answer: null };
  /** Sends as fast as it can, for a time. */
  pump: { ask: { durationMs: number }; answer: Sent };
  /** Sends at a steady rate, for a time. */
  pace: { ask: { durationMs: number; itemsPerSecond: number }; answer: Sent };
  /** Waits for the end of a run at a consumer. */
  arrived: { ask: null; answer: Arrived };
  /** Ends what the case needed. */
  close: { ask: null; answer: null };
}
