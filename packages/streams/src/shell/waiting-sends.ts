import { waitingSendsMax } from "../config.ts";

interface Waiting<Item> {
  readonly item: Item;
  readonly bytes: Uint8Array;
  resolve(): void;
  reject(error: unknown): void;
}

/** Sends that wait until their producer is online and has room, first come, first served. */
export class WaitingSends<Item> {
  readonly #waiting = new Set<Waiting<Item>>();

  /** Whether no more may wait. */
  get full(): boolean {
    return this.#waiting.size >= waitingSendsMax;
  }

  /** Whether none waits. */
  get empty(): boolean {
    return this.#waiting.size === 0;
  }

  /** Waits until the item was taken. */
  add(item: Item, bytes: Uint8Array, signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const abort = (): void => {
        this.#waiting.delete(waiting);
        reject(signal?.reason);
      };
      const settled = (): void => signal?.removeEventListener("abort", abort);
      const waiting: Waiting<Item> = {
        item,
        bytes,
        resolve: () => {
          settled();
          resolve();
        },
        reject: (error) => {
          settled();
          reject(error);
        },
      };
      signal?.addEventListener("abort", abort, { once: true });
      this.#waiting.add(waiting);
    });
  }

  /** Lets those that can go: `take` says whether it took the bytes. */
  release(take: (bytes: Uint8Array) => boolean): void {
    for (const waiting of this.#waiting) {
      if (!take(waiting.bytes)) return;
      this.#waiting.delete(waiting);
      waiting.resolve();
    }
  }

  /** Fails all. */
  fail(error: (item: Item) => unknown): void {
    for (const waiting of this.#waiting) waiting.reject(error(waiting.item));
    this.#waiting.clear();
  }
}
