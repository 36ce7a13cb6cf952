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
  /** Behind the last item that is known to be older; keepers are asked with the moment. */
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
  switch (start.kind) {
    case "start":
    case "since": // nobody knows how old any item is
      return { ...live, sequence: 0 };
    case "offset":
      return { ...live, sequence: start.sequence };
    case "last":
      return { ...live, sequence: Math.max(0, live.sequence - start.items) };
    default:
      return live;
  }
}

function at(incarnation: string | undefined, sequence: number): Offset | undefined {
  return incarnation === undefined ? undefined : { incarnation, sequence };
}

/**
 * Where one keeper knows all before to be older: what another, who came later, does not know. But
 * never behind what is kept and not older, by whichever keeper's clock.
 */
function firstSince(known: Known, producer: PeerId, runs: readonly string[]): Offset | undefined {
  let place: Offset | undefined;
  for (const incarnation of runs) {
    const holders = known.holders(producer, incarnation);
    const older = Math.max(...holders.map((holder) => holder.older ?? 0));
    const found = holders.flatMap(({ since = [] }) => since);
    const sequence = Math.min(older, ...found);
    place = { incarnation, sequence };
    if (holders.some(({ end }) => end > sequence)) break;
  }
  return place;
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
    place = { incarnation, sequence: Math.max(0, end - left) };
    left -= end - place.sequence;
    if (left <= 0) break;
  }
  return place;
}
