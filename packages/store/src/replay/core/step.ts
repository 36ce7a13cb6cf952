import type { PeerId } from "@mosaik/primitives";
import type { Frames } from "./frames.ts";
import type { Start } from "./start.ts";

/** Items of a live subscription that wait for their turn. */
export interface LiveRun<Source> extends Frames {
  readonly source: Source;
  readonly incarnation: string;
  readonly sequence: number;
}

/** Why items are missing. */
export type GapReason =
  /** They were sent, and no keeper has them (any more). */
  | "not-kept"
  /** The producer was restarted: nobody knows whether the run before had more. */
  | "restart"
  /** An item does not decode, or does not fit the schema. */
  | "unreadable";

/** What to do next for a producer. */
export type Step<Source> =
  /** Hands over live items, without the first `skip`; all may have come from a keeper. */
  | { readonly do: "deliver"; readonly run: LiveRun<Source>; readonly skip: number }
  | {
      readonly do: "gap";
      readonly incarnation: string;
      readonly from: number;
      readonly to: number | undefined;
      readonly reason: GapReason;
    }
  /** Asks a keeper for items, up to `to`, not included. */
  | {
      readonly do: "fetch";
      readonly keeper: PeerId;
      readonly incarnation: string;
      readonly from: number;
      readonly to: number;
    }
  /** Asks all keepers what they have. */
  | { readonly do: "look" }
  /** Asks the producer for its greeting. */
  | { readonly do: "greet" }
  /** Nothing, until something happens or that time has come. */
  | { readonly do: "rest"; readonly until: number };

/** How much came of what was asked for and is there. */
export type Came = "nothing" | "part" | "all";

/** Settings of a {@link Track}. */
export interface TrackInit {
  readonly producer: PeerId;
  readonly start: Start;
  readonly patienceMs: number;
  /** Whether it subscribes before history is read, and holds what arrives meanwhile. */
  readonly joinsAtOnce: boolean;
  readonly now: number;
}

/** Nothing to do before then, unless something happens. */
export function rest(until: number): { readonly do: "rest"; readonly until: number } {
  return { do: "rest", until };
}
