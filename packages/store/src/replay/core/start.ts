import type { PeerId } from "@mosaik/primitives";
import type { Known } from "./known.ts";
import type { Offset } from "./position.ts";

/** Where the items of one producer begin for a consumer. */
export type Start =
  | { readonly kind: "start" }
  | { readonly kind: "latest" }
  | { readonly kind: "greeting" }
  /** At that item of the producer's latest run. */
  | { readonly kind: "offset"; readonly sequence: number }
  /** At the first item that is not older; keepers are asked with the moment. */
  | { readonly kind: "since"; readonly sinceMs: number }
  | { readonly kind: "last"; readonly items: number }
  /** At a place where a consumer was before. */
  | { readonly kind: "at"; readonly offset: Offset };

/** The place where history begins; `undefined` where it holds nothing for the start. */
export function startIn(known: Known, producer: PeerId, start: Start): Offset | undefined {
  if (start.kind === "at") return start.offset;
  const runs = known.incarnations(producer);
  switch (start.kind) {
    case "start":
      return at(runs[0], 0);
    case "offset":
      return at(runs.at(-1), start.sequence);
    case "since":
      return firstSince(known, producer, runs);
    case "last":
      return lastItems(known, producer, runs, start.items);
    default:
      return undefined;
  }
}

/** Where to begin in a live stream of which nothing is kept. */
export function beginLive(start: Start, live: Offset): Offset {
  if (start.kind === "start") return { ...live, sequence: 0 };
  return start.kind === "offset" ? { ...live, sequence: start.sequence } : live;
}

function at(incarnation: string | undefined, sequence: number): Offset | undefined {
  return incarnation === undefined ? undefined : { incarnation, sequence };
}

function firstSince(known: Known, producer: PeerId, runs: readonly string[]): Offset | undefined {
  for (const incarnation of runs) {
    const found = known.holders(producer, incarnation).flatMap(({ since = [] }) => since);
    if (found.length > 0) return { incarnation, sequence: Math.min(...found) };
  }
  return undefined;
}

function lastItems(
  known: Known,
  producer: PeerId,
  runs: readonly string[],
  items: number,
): Offset | undefined {
  let left = items;
  let place: Offset | undefined;
  for (const incarnation of [...runs].reverse()) {
    const holders = known.holders(producer, incarnation);
    const end = Math.max(...holders.map((holder) => holder.end));
    const first = Math.min(...holders.map((holder) => holder.first));
    place = { incarnation, sequence: Math.max(first, end - left) };
    left -= end - place.sequence;
    if (left <= 0) break;
  }
  return place;
}
