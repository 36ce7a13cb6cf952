import { FrameBatch } from "./frames.ts";
import type { Load } from "./load.ts";
import type { Sender } from "./side.ts";

/** A connection to one consumer. */
export interface Outlet {
  /** Whether it should be given no more for now. */
  readonly full: boolean;
  write(bytes: Uint8Array): void;
  /** Calls once, as soon as it is no longer full. */
  onRoom(call: () => void): void;
}

/** Encodes each item once, and writes the same batches of frames to all consumers. */
export class BatchSender implements Sender {
  readonly address: string;
  readonly #load: Load;
  readonly #consumers: number;
  readonly #close: () => Promise<void>;
  readonly #outlets: Outlet[] = [];
  readonly #batch = new FrameBatch();
  #wake: (() => void) | undefined;

  constructor(init: {
    address: string;
    load: Load;
    consumers: number;
    close: () => Promise<void>;
  }) {
    this.address = init.address;
    this.#load = init.load;
    this.#consumers = init.consumers;
    this.#close = init.close;
  }

  /** A consumer is there. */
  add(outlet: Outlet): void {
    this.#outlets.push(outlet);
    this.#wake?.();
  }

  async ready(): Promise<void> {
    while (this.#outlets.length < this.#consumers) await this.#woken();
  }

  offer(number: number, mark: number): boolean {
    if (this.#batch.crowded(this.#load.itemBytes)) {
      if (this.#full) return false;
      this.flush();
    }
    this.#batch.add(this.#load.codec.encode(this.#load.item(number, mark)));
    return true;
  }

  async send(number: number, mark: number): Promise<void> {
    while (!this.offer(number, mark)) {
      const full = this.#outlets.find((outlet) => outlet.full);
      full?.onRoom(() => this.#wake?.());
      await this.#woken();
    }
  }

  flush(): void {
    const bytes = this.#batch.take();
    if (bytes === undefined) return;
    for (const outlet of this.#outlets) outlet.write(bytes);
  }

  close(): Promise<void> {
    return this.#close();
  }

  get #full(): boolean {
    for (const outlet of this.#outlets) if (outlet.full) return true;
    return false;
  }

  #woken(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }
}
