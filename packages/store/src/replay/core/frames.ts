import { frameHeaderBytes, frameLength } from "@mosaik/transport";

/** Items side by side, each a 4-byte header and its bytes. */
export interface Frames {
  readonly frames: Uint8Array;
  readonly items: number;
}

/** Where the item after `items` of them begins. */
export function offsetOf(frames: Uint8Array, items: number): number {
  let at = 0;
  for (let index = 0; index < items; index++) at += frameHeaderBytes + frameLength(frames, at);
  return at;
}

/** Frames without the first `items` of them. */
export function withoutFirst(run: Frames, items: number): Frames {
  if (items <= 0) return run;
  return { frames: run.frames.subarray(offsetOf(run.frames, items)), items: run.items - items };
}

/** The first frames: at most `items`, and at most `bytes`, but one at least. */
export function firstOf(run: Frames, items: number, bytes: number): Frames {
  if (run.items <= items && run.frames.byteLength <= bytes) return run;
  let at = 0;
  let count = 0;
  while (count < run.items && count < items) {
    const end = at + frameHeaderBytes + frameLength(run.frames, at);
    if (count > 0 && end > bytes) break;
    at = end;
    count++;
  }
  return { frames: run.frames.subarray(0, at), items: count };
}

/** Whether bytes are exactly so many frames. Total. */
export function isWhole(frames: Uint8Array, items: number): boolean {
  let at = 0;
  for (let index = 0; index < items; index++) {
    if (at + frameHeaderBytes > frames.byteLength) return false;
    at += frameHeaderBytes + frameLength(frames, at);
  }
  return at === frames.byteLength;
}
