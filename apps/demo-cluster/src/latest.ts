import {
  defineMap,
  type GroupKey,
  type LogStorage,
  lanTimings,
  type MapReader,
  type MapWriter,
  type Node,
} from "mosaik";
import { z } from "zod";
import { Summary } from "./contract.ts";
import { founders } from "./ledger.ts";

/** The newest summary of each aggregator, by its name: written by them, read by whoever shows it. */
export const Latest = defineMap({
  name: "demo.latest",
  durability: "fsync",
  key: z.string(),
  value: Summary,
});

const shared = { founders, timings: lanTimings } as const;

/** Opens it to write. */
export function writeLatest(
  { stores }: Node,
  key: GroupKey,
  storage: LogStorage,
): Promise<MapWriter<string, Summary>> {
  return stores.writer(Latest, { ...shared, key, storage });
}

/** Opens it to read. */
export function readLatest(
  { stores }: Node,
  key: GroupKey,
  storage: LogStorage,
): Promise<MapReader<string, Summary>> {
  return stores.reader(Latest, { ...shared, key, storage });
}
