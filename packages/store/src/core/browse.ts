import { browseLimits } from "../config.ts";
import type { StoreItem } from "../diagnostics.ts";
import type { Machine, ShownItem } from "../machines/machine.ts";
import { compareKeys, type StoreKey } from "./keys.ts";
import { formatKey, formatValue, parseKey } from "./texts.ts";

/** Which items of a collection are asked for. */
export interface Browse {
  readonly prefix?: string | undefined;
  readonly after?: string | undefined;
  readonly key?: string | undefined;
  readonly limit?: number | undefined;
}

/** Items of a collection, as many as fit. */
export interface Page {
  readonly items: StoreItem[];
  readonly next?: string;
}

/** The items that are asked for, in the order of their keys. @throws RangeError where a key is none of it. */
export function browse(machine: Machine<unknown>, asked: Browse): Page {
  if (asked.key !== undefined) return { items: itemOf(machine, keyOf(machine, asked.key)) };
  const { prefix, limit = browseLimits.itemsDefault } = asked;
  const after = asked.after === undefined ? undefined : keyOf(machine, asked.after);
  const items: StoreItem[] = [];
  let room: number = browseLimits.textMax;
  for (const shown of machine.show(laterOf(after, prefix))) {
    if (shown.key !== undefined && after !== undefined && compareKeys(shown.key, after) <= 0)
      continue;
    if (!hasPrefix(shown.key, prefix)) break;
    const item = textOf(shown, browseLimits.valueMax);
    room -= (item.key?.length ?? 0) + (item.value?.length ?? 0);
    if (items.length === limit || (room < 0 && items.length > 0)) {
      const next = items.at(-1)?.key;
      return next === undefined ? { items } : { items, next };
    }
    items.push(item);
  }
  return { items };
}

/** The key of a collection that a text stands for. @throws RangeError where it is none of it. */
export function keyOf({ content: { keys } }: Machine<unknown>, text: string): StoreKey {
  if (keys === undefined) throw new RangeError("what it holds has no keys");
  const key = parseKey(text, keys);
  if (key === undefined) throw new RangeError(`${text.slice(0, 64)} is no key of it`);
  return key;
}

function itemOf(machine: Machine<unknown>, key: StoreKey): StoreItem[] {
  for (const shown of machine.show(key)) {
    const isIt = shown.key !== undefined && compareKeys(shown.key, key) === 0;
    return isIt ? [textOf(shown, browseLimits.textMax)] : [];
  }
  return [];
}

function laterOf(after: StoreKey | undefined, prefix: string | undefined): StoreKey | undefined {
  if (after === undefined || prefix === undefined) return after ?? prefix;
  return compareKeys(after, prefix) < 0 ? prefix : after;
}

function hasPrefix(key: StoreKey | undefined, prefix: string | undefined): boolean {
  return prefix === undefined || (typeof key === "string" && key.startsWith(prefix));
}

function textOf({ key, value, priority }: ShownItem, valueMax: number): StoreItem {
  return {
    ...(key !== undefined && { key: formatKey(key) }),
    ...(value !== undefined && shownValue(value, valueMax)),
    ...(priority !== undefined && { priority }),
  };
}

function shownValue(value: unknown, lengthMax: number): Pick<StoreItem, "value" | "shown"> {
  const text = formatValue(value);
  if (text === undefined) return { shown: "opaque" };
  return text.length <= lengthMax
    ? { value: text }
    : { value: text.slice(0, lengthMax), shown: "cut" };
}
