import type { Arrived } from "../streams/arrivals.ts";
import type { Sent } from "../streams/pump.ts";
import type { SideName } from "./side.ts";

/** What an end is told: of which side it is, how large items are, where the relay is, if there is one. */
export interface Work {
  readonly side: SideName;
  readonly bytes: number;
  readonly relay: string;
}

/** What a process or a page can be asked. */
export type Calls = {
  relay: { ask: SideName; answer: string };
  /** Answers where consumers connect. */
  produce: { ask: Work; answer: string };
  consume: { ask: Work & { readonly address: string }; answer: null };
  /** Waits until the consumer is there. */
  ready: { ask: null; answer: null };
  pump: { ask: { readonly durationMs: number }; answer: Sent };
  arrived: { ask: null; answer: Arrived };
};
