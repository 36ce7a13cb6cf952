import { defineView, type View } from "mosaik";
import { Summaries } from "./contract.ts";

/** What became of the summaries of one aggregator. */
export interface Total {
  readonly windows: number;
  readonly readings: number;
}

/** How many readings each aggregator has summed up: folded from its summaries, an entry a peer. */
export const Totals = defineView({
  name: "demo.totals",
  from: Summaries,
  key: (_, { producer }) => producer,
  initial: (): Total => ({ windows: 0, readings: 0 }),
  reduce: ({ windows, readings }, summary): Total => ({
    windows: windows + 1,
    readings: readings + summary.readings,
  }),
});

/** What a view is at the moment: equal where its version and its entries are. */
export interface TotalsState {
  /** How many items of each producer are in it. */
  readonly version: string;
  readonly size: number;
  readonly hash: string;
}

/** The state of a view. */
export function stateOf(view: View<Total>): TotalsState {
  const offsets = [...view.version]
    .filter(([, { sequence }]) => sequence > 0)
    .map(([peer, { incarnation, sequence }]) => `${peer.slice(0, 8)} ${incarnation} ${sequence}`);
  return { version: offsets.sort().join(", "), size: view.size, hash: view.hash() };
}
