import { createNode, lanTimings, memoryStorage, parseGroupKey } from "mosaik";
import { Sum, Ticks } from "./definitions.ts";

/** What a guest has seen so far. */
export interface Sight {
  /** Numbers of the stream, the newest, and whether each was greater than the one before. */
  readonly ticks: number;
  readonly newest: number;
  readonly inOrder: boolean;
  /** Numbers that it was told it missed. */
  readonly gaps: number;
  /** The sum, as its own copy of the group's state has it. */
  readonly total: number;
}

let look: (() => Promise<Sight>) | undefined;

/** Joins from whatever tab this runs in: reads the numbers, observes the group. */
export async function join({ invite, key }: { invite: string; key: string }): Promise<void> {
  const node = await createNode({ network: "browser", seeds: [invite] });
  const group = await node.groups.join({
    key: parseGroupKey(key),
    machine: Sum,
    storage: memoryStorage(),
    founders: 3,
    timings: lanTimings,
    preference: "observer",
  });
  const numbers = node.streams.consume(Ticks);
  let [ticks, newest, inOrder] = [0, -1, true];
  look = async () => {
    const { value: total } = await group.query("total", { consistency: "weak" });
    return { ticks, newest, inOrder, gaps: numbers.stats.gaps, total };
  };
  void (async () => {
    for await (const { n } of numbers) {
      inOrder &&= n > newest;
      [ticks, newest] = [ticks + 1, n];
    }
  })();
}

/** What it has seen so far. */
export async function see(): Promise<Sight | undefined> {
  return await look?.();
}
