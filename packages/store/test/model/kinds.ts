import { cellKind, onceKind } from "./cell-model.ts";
import { checkKind } from "./laws.ts";
import { listKind, longListKind } from "./list-model.ts";
import { mapKind } from "./map-model.ts";
import { boundedQueueKind, queueKind } from "./queue-model.ts";
import { setKind } from "./set-model.ts";

type Check = (options: { readonly sequences: number; readonly seed?: number }) => void;

/** The kinds of collections, each with its check. */
export const kinds: readonly (readonly [name: string, check: Check])[] = [
  ["map", (options) => checkKind(mapKind, options)],
  ["set", (options) => checkKind(setKind, options)],
  ["list", (options) => checkKind(listKind, options)],
  ["cell", (options) => checkKind(cellKind, options)],
  ["once", (options) => checkKind(onceKind, options)],
  ["priority queue", (options) => checkKind(queueKind, options)],
  ["bounded priority queue", (options) => checkKind(boundedQueueKind, options)],
];

/** Lists of thousands of items take longer: a hundredth of the sequences. */
export const longLists: readonly [name: string, check: Check] = [
  "long list",
  ({ sequences, ...rest }) =>
    checkKind(longListKind, { ...rest, sequences: Math.ceil(sequences / 100), changesMax: 12 }),
];
