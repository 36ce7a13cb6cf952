import { cpuUs, nowUs } from "../processes/clock.ts";
import { firstNumber, marks } from "./arrivals.ts";
import type { Sender } from "./side.ts";

/** What a producer did in one run. */
export interface Sent {
  readonly items: number;
  readonly startUs: number;
  /** When the timed items were given away, in their order. */
  readonly timedUs: readonly number[];
  /** Processor used, but for what is still to be written at the end. */
  readonly cpuUs: number;
}

/** Sends as fast as the other end takes it, for a time. */
export async function pump(sender: Sender, durationMs: number, itemBytes: number): Promise<Sent> {
  const lookEvery = Math.max(1, Math.floor(4_096 / itemBytes));
  const cpuBefore = cpuUs();
  const startUs = nowUs();
  const endUs = startUs + durationMs * 1e3;
  let number = firstNumber;
  while (number % lookEvery !== 0 || nowUs() < endUs) {
    if (!sender.offer(number, marks.none)) await sender.send(number, marks.none);
    number++;
  }
  if (!sender.offer(number, marks.last)) await sender.send(number, marks.last);
  sender.flush();
  const items = number + 1 - firstNumber;
  return { items, startUs, timedUs: [], cpuUs: cpuUs() - cpuBefore };
}
