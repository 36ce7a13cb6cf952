import { heldWindowBytesMax, heldWindowsMax } from "./config.ts";

const headerBytes = 12;
const kindAndFlags = 0x00_01_00_00; // version 0, a window update, no flags

/**
 * Yamux tells the sender after every frame that it has made room again: a write, a record and a
 * wake-up at the other end for twelve bytes. Here such frames wait, added up, until something else is
 * sent or until they are worth a write by themselves. The sender has a window of 256 KiB at least,
 * and never misses what is held back.
 */
export class WindowUpdates {
  /** Bytes by stream. */
  #held = new Map<number, number>();

  /** Keeps what a frame says, where it is a window update that may wait. */
  hold(frame: Uint8Array): boolean {
    if (frame.byteLength !== headerBytes) return false;
    const view = new DataView(frame.buffer, frame.byteOffset, headerBytes);
    if (view.getUint32(0) !== kindAndFlags) return false;
    const stream = view.getUint32(4);
    const bytes = (this.#held.get(stream) ?? 0) + view.getUint32(8);
    if (bytes > heldWindowBytesMax || this.#held.size >= heldWindowsMax) return false;
    this.#held.set(stream, bytes);
    return true;
  }

  /** What was kept, as frames: to be sent now. */
  take(): readonly Uint8Array[] {
    if (this.#held.size === 0) return none;
    const frames = [...this.#held].map(([stream, bytes]) => encode(stream, bytes));
    this.#held = new Map();
    return frames;
  }
}

const none: readonly Uint8Array[] = [];

function encode(stream: number, bytes: number): Uint8Array {
  const frame = new Uint8Array(headerBytes);
  const view = new DataView(frame.buffer);
  view.setUint32(0, kindAndFlags);
  view.setUint32(4, stream);
  view.setUint32(8, bytes);
  return frame;
}
