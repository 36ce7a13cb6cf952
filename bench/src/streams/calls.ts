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

/** The name of a call. */
export type CallName = keyof Calls;

/** From the coordinator. `alive`: it is still there. `stop`: the process ends itself, in order. */
export type ToWorker =
  | { readonly kind: "call"; readonly id: number; readonly name: CallName; readonly ask: unknown }
  | { readonly kind: "alive" }
  | { readonly kind: "stop" };

/** To the coordinator. */
export type FromWorker =
  | { readonly kind: "answer"; readonly id: number; readonly answer: unknown }
  | { readonly kind: "failure"; readonly id: number; readonly error: string };

/** The coordinator says this often that it is there. */
export const aliveIntervalMs = 2_000;
/** A process looks this often whether it heard of its coordinator. */
export const aloneLookMs = 5_000;
/** After so many looks in vain it ends itself. */
export const aloneLooks = 6;
/** A call that takes longer has failed. */
export const callTimeoutMs = 120_000;
