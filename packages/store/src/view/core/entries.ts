import { type Codec, digest } from "@mosaik/primitives";
import type { Offset, Position } from "../../replay/core/position.ts";
import { SortedTree } from "../../sorted-tree.ts";

/** The entries of a view at a version: immutable. */
export interface ViewState<Value> {
  readonly entries: SortedTree<string, Value>;
  readonly version: Position;
  /** Items that are known to be missing in it. */
  readonly missed: number;
}

/** Entries of a view, sorted by key. */
export function newEntries<Value>(): SortedTree<string, Value> {
  return new SortedTree<string, Value>((a, b) => (a < b ? -1 : a > b ? 1 : 0));
}

/** A digest of all entries: equal where they are. */
export function hashEntries<Value>(
  entries: SortedTree<string, Value>,
  codec: Codec<Value>,
): string {
  const parts: (string | Uint8Array)[] = [];
  for (const [key, value] of entries.entries()) parts.push(key, codec.encode(value));
  return digest("mosaik/view/state", ...parts);
}

/** A version that stays as it is. */
export function copyVersion(version: Position): Position {
  return new Map(
    [...version].map(([producer, offset]): [typeof producer, Offset] => [producer, { ...offset }]),
  );
}
