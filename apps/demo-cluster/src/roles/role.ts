import type { Node, Preference } from "mosaik";
import type { Role } from "../contract.ts";
import type { LedgerGroup } from "../ledger.ts";
import type { Reporter } from "../reporter.ts";
import { aggregator } from "./aggregator.ts";
import { recorder } from "./recorder.ts";
import { seed } from "./seed.ts";
import { sensor } from "./sensor.ts";
import { slowReader } from "./slow-reader.ts";

/** What a role has to work with. */
export interface Workplace {
  readonly node: Node;
  readonly reporter: Reporter;
  /** Joins the group that keeps the ledger, on the disk of this process's name. */
  readonly ledger: (preference: Preference) => Promise<LedgerGroup>;
}

/** Does what a role is there for, until the node closes. */
export interface Work {
  /** Reads as fast as it can from now on. Only a slow reader needs to be told. */
  hurry?(): void;
  /** Ends what runs beside the node: timers, watches. */
  close(): void;
}

/** The roles that have a process of their own, and what each does. */
export const work: Readonly<Record<Exclude<Role, "dashboard">, (place: Workplace) => Work>> = {
  seed,
  sensor,
  aggregator,
  recorder,
  "slow-reader": slowReader,
};
