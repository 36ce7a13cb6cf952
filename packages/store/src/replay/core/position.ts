import type { PeerId } from "@mosaik/primitives";

/** A place in what one producer sends: a run of it, and the number of the next item there. */
export interface Offset {
  /** Which run of the producer; a later one has a greater name. */
  readonly incarnation: string;
  readonly sequence: number;
}

/** How far a stream has been taken: for each producer, the place of the next item. */
export type Position = ReadonlyMap<PeerId, Offset>;

/** Below 0 where `left` comes before `right`. */
export function compareOffsets(left: Offset, right: Offset): number {
  if (left.incarnation !== right.incarnation) return left.incarnation < right.incarnation ? -1 : 1;
  return left.sequence - right.sequence;
}

/**
 * Whether a position is at another one, or beyond, for every producer of that. The beginning of a run
 * of a producer is reached by all: nothing of it was sent yet.
 */
export function reaches(position: Position, wanted: Position): boolean {
  for (const [producer, offset] of wanted) {
    if (offset.sequence === 0) continue;
    const own = position.get(producer);
    if (own === undefined || compareOffsets(own, offset) < 0) return false;
  }
  return true;
}
