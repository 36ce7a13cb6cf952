import type { Random } from "../random.ts";

const poolWords = 256;

/** Randomness from a cryptographic source that fills arrays; numbers are drawn from it in bulk. */
export function pooledRandom(fill: (bytes: Uint8Array<ArrayBuffer>) => void): Random {
  const pool = new Uint32Array(poolWords);
  let used = poolWords;
  return {
    next() {
      if (used === poolWords) {
        fill(new Uint8Array(pool.buffer));
        used = 0;
      }
      const word = pool[used] ?? 0;
      pool[used++] = 0; // what was drawn is not kept
      return word / 2 ** 32;
    },
    bytes(count) {
      const bytes = new Uint8Array(count);
      fill(bytes);
      return bytes;
    },
  };
}
