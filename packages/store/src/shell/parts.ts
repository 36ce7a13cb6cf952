import { partBytesMax, partItemsMax, partsInFlightMax } from "../config.ts";
import { approximateBytes } from "../core/size.ts";
import type { Operation } from "../operation.ts";
import type { Counted, WaitOptions } from "../store.ts";
import { carryOut, type StoreAccess } from "./store-access.ts";

/**
 * Carries out a change of many items in parts of bounded size, several on their way at once, in
 * order. Where one fails, those after it may have taken effect.
 */
export async function carryOutMany<Item>(
  access: StoreAccess,
  items: Iterable<Item>,
  make: (part: Item[]) => Operation<Counted>,
  options: WaitOptions = {},
): Promise<Counted> {
  const inFlight: Promise<readonly [Counted]>[] = [];
  let told: Counted = { count: 0, version: access.room.state.versions[access.store] ?? 0 };
  const settle = async (pending: Promise<readonly [Counted]> | undefined): Promise<void> => {
    const [{ count, version }] = (await pending) ?? [told];
    told = { count: told.count + count, version: Math.max(told.version, version) };
  };
  try {
    for (const part of partsOf(items, make)) {
      if (inFlight.length >= partsInFlightMax) await settle(inFlight.shift());
      const pending = carryOut(access, [part], options);
      pending.catch(() => {}); // it is awaited below, after those before it
      inFlight.push(pending);
    }
    while (inFlight.length > 0) await settle(inFlight.shift());
    return told;
  } catch (error) {
    await Promise.allSettled(inFlight);
    throw error;
  }
}

/** Makes operations of items, none of them larger than it may be but for single items. */
function* partsOf<Item>(
  items: Iterable<Item>,
  make: (part: Item[]) => Operation<Counted>,
): Generator<Operation<Counted>> {
  let part: Item[] = [];
  for (const item of items) {
    part.push(item);
    if (part.length < partItemsMax) continue;
    yield* halved(part, make);
    part = [];
  }
  if (part.length > 0) yield* halved(part, make);
}

function* halved<Item>(
  items: Item[],
  make: (part: Item[]) => Operation<Counted>,
): Generator<Operation<Counted>> {
  const operation = make(items);
  if (items.length === 1 || approximateBytes(operation.change) <= partBytesMax) yield operation;
  else {
    const middle = items.length >> 1;
    yield* halved(items.slice(0, middle), make);
    yield* halved(items.slice(middle), make);
  }
}
