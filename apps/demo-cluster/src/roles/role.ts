import type { GroupKey, LogStorage, Node } from "mosaik";
import type { Role } from "../contract.ts";
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
  /** What tells a node of its name from the others of its role. */
  readonly name: string;
  /** The key of the aggregators' groups, and the disk of a process that has one. */
  readonly key: GroupKey;
  readonly disk: () => LogStorage;
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
