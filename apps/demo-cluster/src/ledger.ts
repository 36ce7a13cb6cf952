import { decodeUtf8, encodeUtf8 } from "@mosaik/primitives";
import {
  defineMachine,
  type Group,
  type GroupKey,
  type LogStorage,
  lanTimings,
  type Node,
  type Preference,
} from "mosaik";
import { z } from "zod";
import { add, count, Ranges } from "./ranges.ts";

/** What an aggregator has the others record: how many readings it took in, as its nth entry. */
export const Entry = z.object({
  /** Who wrote it: one life of one process. */
  writer: z.string().min(1).max(128),
  number: z.number().int().positive(),
  readings: z.number().int().nonnegative(),
});
/** See {@link Entry}. */
export type Entry = z.infer<typeof Entry>;

/** What all members of the group agree on. */
export const LedgerState = z.object({
  /** The numbers of each writer that were recorded. */
  recorded: z.record(z.string(), Ranges),
  entries: z.number().int().nonnegative(),
  readings: z.number().int().nonnegative(),
  /** Entries that came although their number, or a later one, had been recorded: there may be none. */
  repeated: z.number().int().nonnegative(),
});
/** See {@link LedgerState}. */
export type LedgerState = z.infer<typeof LedgerState>;

/** A membership of the group that keeps the ledger. */
export type LedgerGroup = Group<Entry, number, "state", LedgerState>;

/** The replicated state machine of the aggregators. */
export const Ledger = defineMachine({
  name: "demo.ledger",
  command: Entry,
  create: () => {
    let state: LedgerState = { recorded: {}, entries: 0, readings: 0, repeated: 0 };
    return {
      apply({ writer, number, readings }) {
        const recorded = add(state.recorded[writer] ?? [], number);
        state = {
          recorded:
            recorded === undefined ? state.recorded : { ...state.recorded, [writer]: recorded },
          entries: state.entries + 1,
          readings: state.readings + readings,
          repeated: state.repeated + (recorded === undefined ? 1 : 0),
        };
        return state.entries;
      },
      query: (_: "state") => state,
      snapshot: () => [encodeUtf8(JSON.stringify(state))],
      restore(chunk) {
        state = LedgerState.parse(JSON.parse(decodeUtf8(chunk)));
      },
      fingerprint: () => encodeUtf8(`${state.entries} ${state.readings} ${state.repeated}`),
    };
  },
});

/** How many aggregators must agree on the beginning. */
export const founders = 3;

/** Joins the group; who only observes has a copy of the state and no vote. */
export function joinLedger(
  node: Node,
  key: GroupKey,
  storage: LogStorage,
  preference: Preference,
): Promise<LedgerGroup> {
  return node.groups.join({
    key,
    machine: Ledger,
    storage,
    preference,
    founders,
    timings: lanTimings,
  });
}

/** What was acknowledged to writers and is not in the state, and what is in it twice. */
export function discrepancies(
  acknowledged: ReadonlyMap<string, Ranges>,
  { recorded, repeated }: LedgerState,
): string[] {
  const found = [...acknowledged].flatMap(([writer, ranges]) => {
    const lost = count(ranges) - count(ranges, recorded[writer] ?? []);
    return lost === 0 ? [] : [`${lost} of ${writer} are lost`];
  });
  return repeated === 0 ? found : [...found, `${repeated} were carried out twice`];
}
