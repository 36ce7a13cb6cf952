import { setTimeout as sleep } from "node:timers/promises";
import { cpuUs, nowUs } from "../processes/clock.ts";
import { firstNumber, marks } from "./arrivals.ts";
import type { Sent } from "./pump.ts";
import type { Sender } from "./side.ts";

/** How many items of a paced run are timed, at most. */
const timedMax = 2_000;

/** Sends at a steady rate, in bursts as long as a timer's tick, for a time. */
export async function pace(
  sender: Sender,
  durationMs: number,
  itemsPerSecond: number,
): Promise<Sent> {
  const items = Math.max(2, Math.round((itemsPerSecond * durationMs) / 1e3));
  const stride = Math.ceil(items / timedMax);
  const timedUs: number[] = [];
  const cpuBefore = cpuUs();
  const startUs = nowUs();
  let sent = 0;
  while (sent < items) {
    const due = Math.min(items, Math.ceil(((nowUs() - startUs) * itemsPerSecond) / 1e6));
    for (; sent < due; sent++) {
      const timed = sent % stride === 0;
      const last = sent === items - 1;
      const mark = (timed ? marks.timed : 0) | (last ? marks.last : 0);
      if (timed) timedUs.push(nowUs());
      if (!sender.offer(firstNumber + sent, mark)) await sender.send(firstNumber + sent, mark);
    }
    sender.flush();
    await sleep(1);
  }
  return { items, startUs, timedUs, cpuUs: cpuUs() - cpuBefore };
}
