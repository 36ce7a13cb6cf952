/**
 * Frames on a byte channel: a 4-byte big-endian header and a payload. The two highest bits of the
 * header say what the payload is, the other thirty how long it is.
 *
 * Invariants:
 * 1. A length beyond the limit of its kind is refused before anything is allocated for it.
 * 2. Data frames that arrived side by side are handed on side by side, uncopied; only a frame that
 *    is split between two chunks is copied, once.
 * 3. What is handed on concatenates to exactly what was sent, in order, however it was cut.
 */
export const frameHeaderBytes = 4;

/**
 * What a frame holds. `data`: a payload of the protocol's own; `message`: CBOR; `close`: a reason;
 * `moved`: over which channel the sender goes on.
 */
export const frameKinds = { data: 0, message: 1, close: 2, moved: 3 } as const;

/** The number of a kind of frame. */
export type FrameKind = (typeof frameKinds)[keyof typeof frameKinds];

const lengthMask = 0x3fff_ffff;

/** Writes a frame's header. */
export function writeFrameHeader(
  into: Uint8Array,
  offset: number,
  kind: FrameKind,
  length: number,
): void {
  into[offset] = (kind << 6) | (length >>> 24);
  into[offset + 1] = length >>> 16;
  into[offset + 2] = length >>> 8;
  into[offset + 3] = length;
}

/** The length of the payload of the frame at an offset. */
export function frameLength(frames: Uint8Array, offset: number): number {
  return readHeader(frames, offset) & lengthMask;
}

/** One frame of a payload. */
export function frame(kind: FrameKind, payload: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(frameHeaderBytes + payload.byteLength);
  writeFrameHeader(bytes, 0, kind, payload.byteLength);
  bytes.set(payload, frameHeaderBytes);
  return bytes;
}

/** What a reader of frames tells its owner. */
export interface FrameSink {
  /** `count` whole data frames, side by side. */
  data(frames: Uint8Array, count: number): void;
  /** The payload of a message frame. */
  message(payload: Uint8Array): void;
  /** The payload of a close frame. */
  close(payload: Uint8Array): void;
  /** The payload of a frame that says where the sender goes on. */
  moved(payload: Uint8Array): void;
}

/** How long the payloads of each kind may be, bytes. */
export type FrameLimits = Readonly<Record<keyof typeof frameKinds, number>>;

/** Cuts a stream of chunks into frames. */
export class FrameReader {
  readonly #limits: readonly [number, number, number, number];
  #partial: Uint8Array | undefined;
  #partialBytes = 0;

  constructor(limits: FrameLimits) {
    this.#limits = [limits.data, limits.message, limits.close, limits.moved];
  }

  /**
   * Takes a chunk. Returns `false`, for good, at the first frame that is too long; the frames before
   * it have been handed on.
   */
  push(chunk: Uint8Array, sink: FrameSink): boolean {
    let offset = 0;
    if (this.#partial !== undefined) {
      const taken = this.#continue(chunk, sink);
      if (taken < 0) return false;
      offset = taken;
    }
    let runStart = offset;
    let runCount = 0;
    while (chunk.byteLength - offset >= frameHeaderBytes) {
      const header = readHeader(chunk, offset);
      const length = header & lengthMask;
      const kind = header >>> 30;
      const allowed = length <= (this.#limits[kind] ?? -1);
      const end = offset + frameHeaderBytes + length;
      if (allowed && kind === frameKinds.data && end <= chunk.byteLength) {
        runCount++;
        offset = end;
        continue;
      }
      if (runCount > 0) sink.data(chunk.subarray(runStart, offset), runCount);
      runCount = 0;
      if (!allowed) return false;
      if (end > chunk.byteLength) {
        runStart = offset;
        break;
      }
      deliver(kind, chunk.subarray(offset + frameHeaderBytes, end), sink);
      offset = end;
      runStart = end;
    }
    if (runCount > 0) sink.data(chunk.subarray(runStart, offset), runCount);
    if (offset < chunk.byteLength) this.#begin(chunk, offset);
    return true;
  }

  /** Remembers the beginning of a frame whose end is still to come. */
  #begin(chunk: Uint8Array, offset: number): void {
    const available = chunk.byteLength - offset;
    const size =
      available >= frameHeaderBytes
        ? frameHeaderBytes + frameLength(chunk, offset)
        : frameHeaderBytes;
    this.#partial = new Uint8Array(size);
    this.#partial.set(chunk.subarray(offset));
    this.#partialBytes = available;
  }

  /** Completes the split frame. Returns how many bytes of the chunk it took, -1 where it is refused. */
  #continue(chunk: Uint8Array, sink: FrameSink): number {
    let taken = 0;
    for (;;) {
      const partial = this.#partial;
      if (partial === undefined) return taken;
      const wanted = Math.min(partial.byteLength - this.#partialBytes, chunk.byteLength - taken);
      partial.set(chunk.subarray(taken, taken + wanted), this.#partialBytes);
      taken += wanted;
      this.#partialBytes += wanted;
      if (this.#partialBytes < partial.byteLength) return taken;
      const header = readHeader(partial, 0);
      const length = header & lengthMask;
      const kind = header >>> 30;
      if (length > (this.#limits[kind] ?? -1)) return -1;
      if (partial.byteLength < frameHeaderBytes + length) {
        const whole = new Uint8Array(frameHeaderBytes + length);
        whole.set(partial);
        this.#partial = whole;
        continue;
      }
      this.#partial = undefined;
      if (kind === frameKinds.data) sink.data(partial, 1);
      else deliver(kind, partial.subarray(frameHeaderBytes), sink);
      return taken;
    }
  }
}

function deliver(kind: number, payload: Uint8Array, sink: FrameSink): void {
  if (kind === frameKinds.message) sink.message(payload);
  else if (kind === frameKinds.close) sink.close(payload);
  else sink.moved(payload);
}

function readHeader(bytes: Uint8Array, offset: number): number {
  return (
    (((bytes[offset] ?? 0) << 24) |
      ((bytes[offset + 1] ?? 0) << 16) |
      ((bytes[offset + 2] ?? 0) << 8) |
      (bytes[offset + 3] ?? 0)) >>>
    0
  );
}
