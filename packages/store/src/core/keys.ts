/**
 * What keys, and the values of sets, may be: texts, numbers but for `NaN`, bigints of 64 bits,
 * booleans, and lists of these. Two are the same where their type and content are; `1` and `1n` are
 * two keys, `0` and `-0` one.
 */
export type StoreKey = string | number | bigint | boolean | readonly StoreKey[];

const depthMax = 16;
const bigintMin = -(2n ** 63n);
const bigintMax = 2n ** 64n - 1n;

/** Whether a value is a key. */
export function isStoreKey(value: unknown, depthLeft: number = depthMax): value is StoreKey {
  switch (typeof value) {
    case "string":
    case "boolean":
      return true;
    case "number":
      return !Number.isNaN(value);
    case "bigint":
      return value >= bigintMin && value <= bigintMax;
    default:
      if (!Array.isArray(value) || depthLeft === 0) return false;
      return value.every((part) => isStoreKey(part, depthLeft - 1));
  }
}

/** The form in which a key is kept: without `-0`, and frozen. */
export function normalKey<Key extends StoreKey>(key: Key): Key {
  if (key === 0) return 0 as Key; // equal to it, and so of its type
  if (!Array.isArray(key)) return key;
  return Object.freeze(key.map(normalKey)) as StoreKey as Key; // the same parts
}

/**
 * The order of keys: booleans, numbers, bigints, texts by their UTF-16 code units, lists by their
 * first difference and then the shorter one first.
 */
export function compareKeys(a: StoreKey, b: StoreKey): number {
  if (typeof a === "string" && typeof b === "string") return a < b ? -1 : a > b ? 1 : 0;
  if (typeof a === "number" && typeof b === "number") return a < b ? -1 : a > b ? 1 : 0;
  const rank = rankOf(a) - rankOf(b);
  if (rank !== 0) return rank;
  if (typeof a === "object" && typeof b === "object") return compareLists(a, b);
  return a < b ? -1 : a > b ? 1 : 0;
}

function compareLists(a: readonly StoreKey[], b: readonly StoreKey[]): number {
  const shared = Math.min(a.length, b.length);
  for (let at = 0; at < shared; at++) {
    const order = compareKeys(a[at] ?? false, b[at] ?? false);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

const ranks = { boolean: 0, number: 1, bigint: 2, string: 3, object: 4 } as const;

function rankOf(key: StoreKey): number {
  return ranks[typeof key as keyof typeof ranks]; // a key has one of these types
}
