import { setImmediate as nextTurn } from "node:timers/promises";
import { nowUs } from "../processes/clock.ts";
import type { Operation } from "./cases.ts";
import { type Client, keysCount } from "./side.ts";

/** What was done in one run. */
export interface Done {
  readonly operations: number;
  readonly seconds: number;
  /** From the call to its answer, microseconds; at most {@link timedMax} of them, evenly chosen. */
  readonly timesUs: readonly number[];
}

/** How many operations of a run are timed, at most: what is told of a run stays small. */
const timedMax = 20_000;

/** Keeps so many operations on their way until time is up, and waits for the last. */
export async function drive(
  client: Client,
  {
    operation,
    outstanding,
    durationMs,
  }: {
    operation: Operation;
    outstanding: number;
    durationMs: number;
  },
): Promise<Done> {
  const act = actOf(client, operation);
  const timesUs: number[] = [];
  let next = 0;
  const startUs = nowUs();
  const endUs = startUs + durationMs * 1e3;
  const loop = async (): Promise<void> => {
    for (let beganUs = nowUs(); beganUs < endUs; ) {
      await act(next++ % keysCount);
      const doneUs = nowUs();
      timesUs.push(doneUs - beganUs);
      beganUs = doneUs;
      if (timesUs.length % 256 > 0) continue;
      await nextTurn(); // calls that are answered at once would keep all else from running
      beganUs = nowUs();
    }
  };
  await Promise.all(Array.from({ length: outstanding }, loop));
  const stride = Math.ceil(timesUs.length / timedMax);
  return {
    operations: timesUs.length,
    seconds: (nowUs() - startUs) / 1e6,
    timesUs: timesUs.filter((_, at) => at % stride === 0),
  };
}

function actOf(client: Client, operation: Operation): (key: number) => Promise<void> {
  switch (operation) {
    case "write":
      return (key) => client.write(key);
    case "strong-read":
      return (key) => client.read(key, "strong");
    case "weak-read":
      return (key) => client.read(key, "weak");
    default:
      return operation satisfies never;
  }
}
