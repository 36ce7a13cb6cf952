/** A source of randomness. The one in `@mosaik/primitives/system` is cryptographic. */
export interface Random {
  /** A number from 0 up to, not including, 1. */
  next(): number;
  /** `count` random bytes. */
  bytes(count: number): Uint8Array;
}

/** A source that repeats itself for the same seed, a whole number of 32 bits (sfc32). Not for secrets. */
export function seededRandom(seed: number): Random {
  let a = seed | 0;
  let b = 0x9e3779b9 | 0;
  let c = 0x243f6a88 | 0;
  let counter = 1;
  const word = (): number => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    c |= 0;
    return sum >>> 0;
  };
  for (let round = 0; round < 12; round++) word();
  return {
    next: () => word() / 2 ** 32,
    bytes: (count) => {
      const bytes = new Uint8Array(count);
      for (let index = 0; index < count; index++) bytes[index] = word();
      return bytes;
    },
  };
}

/** A whole number from `min` to `max`, both included. */
export function randomInteger(random: Random, min: number, max: number): number {
  return min + Math.floor(random.next() * (max - min + 1));
}

/** `value` moved up or down by at most `fraction` of it. */
export function jitter(random: Random, value: number, fraction: number): number {
  return value * (1 + (random.next() * 2 - 1) * fraction);
}

/** Up to `count` different items in random order; the given array stays as it is. */
export function sample<Item>(random: Random, items: readonly Item[], count: number): Item[] {
  const pool = [...items];
  const size = Math.min(count, pool.length);
  for (let index = 0; index < size; index++) {
    const other = randomInteger(random, index, pool.length - 1);
    const chosen = pool[other] as Item; // in range
    pool[other] = pool[index] as Item; // in range
    pool[index] = chosen;
  }
  return pool.slice(0, size);
}
