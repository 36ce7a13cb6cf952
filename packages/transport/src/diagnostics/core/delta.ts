/** Plain data: what sections are made of. A property that is undefined is as good as absent. */
export type Plain =
  | string
  | number
  | boolean
  | null
  | undefined
  | Uint8Array
  | readonly Plain[]
  | { readonly [name: string]: Plain };

type PlainRecord = { readonly [name: string]: Plain };

/**
 * What makes one value into another: the new value, or, of two records, the names that are gone,
 * those that are new, and what makes the others into what they are.
 */
export type Delta =
  | { readonly to: Plain }
  | {
      readonly gone?: readonly string[] | undefined;
      readonly parts: { readonly [name: string]: Delta };
    };

/** What makes `before` into `after`; nothing where they are equal. */
export function difference(before: Plain, after: Plain): Delta | undefined {
  if (Object.is(before, after)) return undefined;
  if (!isRecord(before) || !isRecord(after)) {
    return isEqual(before, after) ? undefined : { to: after };
  }
  const had = new Map(partsOf(before));
  const has = new Map(partsOf(after));
  const gone = [...had.keys()].filter((name) => !has.has(name));
  const changed = [...has].flatMap(([name, value]) => {
    const delta = had.has(name) ? difference(had.get(name), value) : { to: value };
    return delta === undefined ? [] : [[name, delta] as const];
  });
  if (gone.length === 0 && changed.length === 0) return undefined;
  const parts = Object.fromEntries(changed);
  return gone.length === 0 ? { parts } : { gone, parts };
}

/** What a value becomes; nothing where the delta does not fit it. */
export function applyDelta(before: Plain, delta: Delta): { readonly value: Plain } | undefined {
  if ("to" in delta) return { value: delta.to };
  if (!isRecord(before)) return undefined;
  const kept = new Map(partsOf(before));
  for (const name of delta.gone ?? []) kept.delete(name);
  for (const [name, part] of Object.entries(delta.parts)) {
    const applied = applyDelta(kept.get(name), part);
    if (applied === undefined) return undefined;
    kept.set(name, applied.value);
  }
  return { value: Object.fromEntries(kept) };
}

function isRecord(value: Plain): value is PlainRecord {
  return (
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof Uint8Array)
  );
}

function partsOf(record: PlainRecord): [string, Plain][] {
  return Object.entries(record).filter(([, value]) => value !== undefined);
}

function isEqual(a: Plain, b: Plain): boolean {
  if (a instanceof Uint8Array || b instanceof Uint8Array) {
    if (!(a instanceof Uint8Array) || !(b instanceof Uint8Array)) return false;
    return a.byteLength === b.byteLength && a.every((byte, at) => byte === b[at]);
  }
  if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false;
  return a.every((item, at) => difference(item, b[at]) === undefined);
}
