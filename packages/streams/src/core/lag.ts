import type { Space } from "./allowance.ts";

/** How far a consumer may fall behind, and what happens then. */
export interface Lag {
  readonly policy: "disconnect" | "drop-oldest" | "wait";
  readonly itemsMax: number;
  readonly bytesMax: number;
}

/** A queue as the policy sees it. */
export interface LaggingQueue extends Space {
  /** Whether anything still fits. */
  readonly hasRoom: boolean;
  /** Whether more waits than may. */
  readonly over: boolean;
}

/** Whoever has a queue. */
export interface Lagging {
  readonly queue: LaggingQueue;
}

/**
 * How much a producer may take without doing wrong to its consumers; `undefined`: as much as it likes.
 *
 * `wait`: what fits into every queue. `disconnect`: what fits into the roomiest, so that a producer
 * is never faster than its fastest consumer, and a slow one holds up nobody. `drop-oldest`: anything.
 */
export function spaceLeft(policy: Lag["policy"], consumers: Iterable<Lagging>): Space | undefined {
  if (policy === "drop-oldest") return undefined;
  let space: { itemsLeft: number; bytesLeft: number } | undefined;
  for (const { queue } of consumers) {
    const { itemsLeft, bytesLeft, hasRoom } = queue;
    if (space === undefined) space = { itemsLeft, bytesLeft };
    else if (policy === "wait") {
      space.itemsLeft = Math.min(space.itemsLeft, itemsLeft);
      space.bytesLeft = Math.min(space.bytesLeft, bytesLeft);
    } else if (hasRoom && (bytesLeft > space.bytesLeft || space.itemsLeft <= 0)) {
      space = { itemsLeft, bytesLeft };
    }
  }
  return space;
}

/** Under `disconnect`: those that are too far behind, where another is not. */
export function tooSlow<Consumer extends Lagging>(consumers: ReadonlySet<Consumer>): Consumer[] {
  const all = [...consumers];
  return all.some(({ queue }) => queue.hasRoom) ? all.filter(({ queue }) => queue.over) : [];
}
