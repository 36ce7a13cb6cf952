import { bucketCount } from "../config.ts";

type Bucket<Key, Value> = ReadonlyMap<Key, Value>;

/**
 * A map that never changes: `with` and `without` return another one that shares all but one bucket.
 *
 * Keys begin with two hexadecimal digits, which choose the bucket; in a catalog of 10,000 a change
 * copies about 300 references. Iterates in ascending order of the keys, whatever the history.
 */
export class ImmutableMap<Key extends string, Value> implements ReadonlyMap<Key, Value> {
  readonly #buckets: readonly (Bucket<Key, Value> | undefined)[];
  readonly size: number;

  private constructor(buckets: readonly (Bucket<Key, Value> | undefined)[], size: number) {
    this.#buckets = buckets;
    this.size = size;
  }

  /** The map without any entry. */
  static empty<Key extends string, Value>(): ImmutableMap<Key, Value> {
    return new ImmutableMap<Key, Value>([], 0);
  }

  /** This map with a value for a key, in place of any that it has. */
  with(key: Key, value: Value): ImmutableMap<Key, Value> {
    const bucket = this.#buckets[bucketOf(key)];
    if (bucket?.has(key)) return this.#withBucket(key, new Map(bucket).set(key, value), 0);
    const entries: [Key, Value][] = [...(bucket ?? []), [key, value]];
    entries.sort(([left], [right]) => (left < right ? -1 : 1));
    return this.#withBucket(key, new Map(entries), 1);
  }

  /** This map without a key. */
  without(key: Key): ImmutableMap<Key, Value> {
    const bucket = this.#buckets[bucketOf(key)];
    if (bucket === undefined || !bucket.has(key)) return this;
    const rest = new Map(bucket);
    rest.delete(key);
    return this.#withBucket(key, rest, -1);
  }

  get(key: Key): Value | undefined {
    return this.#buckets[bucketOf(key)]?.get(key);
  }

  has(key: Key): boolean {
    return this.#buckets[bucketOf(key)]?.has(key) ?? false;
  }

  /** The entries whose keys begin with the two digits of a bucket's number. */
  bucket(index: number): Bucket<Key, Value> {
    return this.#buckets[index] ?? new Map();
  }

  *entries(): Generator<[Key, Value], undefined> {
    for (const bucket of this.#buckets) if (bucket !== undefined) yield* bucket;
  }

  *keys(): Generator<Key, undefined> {
    for (const bucket of this.#buckets) if (bucket !== undefined) yield* bucket.keys();
  }

  *values(): Generator<Value, undefined> {
    for (const bucket of this.#buckets) if (bucket !== undefined) yield* bucket.values();
  }

  [Symbol.iterator](): Generator<[Key, Value], undefined> {
    return this.entries();
  }

  forEach(visit: (value: Value, key: Key, map: ReadonlyMap<Key, Value>) => void): void {
    for (const [key, value] of this) visit(value, key, this);
  }

  #withBucket(key: Key, bucket: Bucket<Key, Value>, growth: number): ImmutableMap<Key, Value> {
    const buckets =
      this.#buckets.length === 0 ? new Array(bucketCount).fill(undefined) : [...this.#buckets];
    buckets[bucketOf(key)] = bucket.size === 0 ? undefined : bucket;
    return new ImmutableMap(buckets, this.size + growth);
  }
}

/** The bucket of a key: its first two digits as a number. */
export function bucketOf(key: string): number {
  return Number.parseInt(key.slice(0, 2), 16);
}
