import { concatBytes } from "@mosaik/primitives";
import type { ChannelListener } from "../transport.ts";

/** A listener that records what it is told. */
export class Tap implements ChannelListener {
  readonly #chunks: Uint8Array[] = [];
  /** How many bytes arrived. */
  count = 0;
  /** How often there was room again. */
  drains = 0;
  /** How often it was told of the end; right is once at most. */
  ends = 0;
  /** The names of calls that came after the end; right is none. */
  readonly callsAfterEnded: string[] = [];

  /** All that arrived, in order. */
  get bytes(): Uint8Array {
    return concatBytes(...this.#chunks);
  }

  received(bytes: Uint8Array): void {
    if (this.ends > 0) this.callsAfterEnded.push("received");
    this.#chunks.push(bytes);
    this.count += bytes.byteLength;
  }

  drained(): void {
    if (this.ends > 0) this.callsAfterEnded.push("drained");
    this.drains++;
  }

  ended(): void {
    if (this.ends > 0) this.callsAfterEnded.push("ended");
    this.ends++;
  }
}
