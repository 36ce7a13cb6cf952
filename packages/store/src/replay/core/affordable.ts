import { itemCost, type SendCredit } from "@mosaik/streams";
import { frameHeaderBytes, frameLength } from "@mosaik/transport";
import { type Frames, firstOf } from "./frames.ts";

/** The first items that there is credit for, at least one where one of any size may go; and their cost. */
export function affordable(
  run: Frames,
  credit: SendCredit,
): (Frames & { readonly cost: number }) | undefined {
  const whole = run.frames.byteLength + run.items * (itemCost(0) - frameHeaderBytes);
  if (credit.allows(whole)) return { ...run, cost: whole };
  let cost = 0;
  let items = 0;
  for (let at = 0; items < run.items; items++) {
    const length = frameLength(run.frames, at);
    const next = cost + itemCost(length);
    if (!(items === 0 ? credit.allowsOne(next) : credit.allows(next))) break;
    cost = next;
    at += frameHeaderBytes + length;
  }
  return items === 0 ? undefined : { ...firstOf(run, items, run.frames.byteLength), cost };
}
