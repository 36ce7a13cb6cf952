/** How many bytes the ceilings write at once: as libp2p takes them without cutting them up. */
export const batchBytes = 65_500;

const headerBytes = 4;

/** Collects frames, a 32-bit length and the bytes, in buffers to be written as one. */
export class FrameBatch {
  #buffer = allocate(batchBytes);
  #end = 0;

  /** Whether so many bytes more would be too much for the buffer. */
  crowded(bytes: number): boolean {
    return this.#end > 0 && this.#end + headerBytes + bytes > this.#buffer.byteLength;
  }

  /** Adds a frame. Only where it is not {@link crowded}. */
  add(bytes: Uint8Array): void {
    const length = bytes.byteLength;
    const size = this.#end + headerBytes + length;
    if (size > this.#buffer.byteLength) this.#buffer = allocate(size);
    putLength(this.#buffer, this.#end, length);
    this.#buffer.set(bytes, this.#end + headerBytes);
    this.#end = size;
  }

  /** Takes out what was collected, `undefined` where that is nothing. */
  take(): Uint8Array | undefined {
    if (this.#end === 0) return undefined;
    const taken = this.#buffer.subarray(0, this.#end);
    this.#buffer = allocate(batchBytes);
    this.#end = 0;
    return taken;
  }
}

/** Told of a frame: where it is in a buffer. */
export type FrameSink = (buffer: Uint8Array, start: number, end: number) => void;

/** Finds frames in a stream of chunks. Only a frame that was cut in two is copied. */
export class FrameCutter {
  readonly #sink: FrameSink;
  #rest: Uint8Array = new Uint8Array(0);
  #restBytes = 0;

  constructor(sink: FrameSink) {
    this.#sink = sink;
  }

  /** A chunk arrived. */
  push(chunk: Uint8Array): void {
    let at = this.#restBytes > 0 ? this.#complete(chunk) : 0;
    while (chunk.byteLength - at >= headerBytes) {
      const end = at + headerBytes + lengthAt(chunk, at);
      if (end > chunk.byteLength) break;
      this.#sink(chunk, at + headerBytes, end);
      at = end;
    }
    if (at < chunk.byteLength) this.#keep(chunk, at);
  }

  #keep(chunk: Uint8Array, at: number): void {
    const bytes = chunk.byteLength - at;
    const size = bytes < headerBytes ? headerBytes : headerBytes + lengthAt(chunk, at);
    this.#rest = allocate(size);
    this.#rest.set(chunk.subarray(at));
    this.#restBytes = bytes;
  }

  /** Completes the frame that was cut in two; returns how much of the chunk that took. */
  #complete(chunk: Uint8Array): number {
    let taken = this.#fill(chunk, 0);
    if (this.#restBytes === headerBytes && this.#rest.byteLength === headerBytes) {
      const whole = allocate(headerBytes + lengthAt(this.#rest, 0));
      whole.set(this.#rest);
      this.#rest = whole;
      taken += this.#fill(chunk, taken);
    }
    if (this.#restBytes < this.#rest.byteLength) return chunk.byteLength;
    this.#restBytes = 0;
    this.#sink(this.#rest, headerBytes, this.#rest.byteLength);
    return taken;
  }

  #fill(chunk: Uint8Array, from: number): number {
    const bytes = Math.min(this.#rest.byteLength - this.#restBytes, chunk.byteLength - from);
    this.#rest.set(chunk.subarray(from, from + bytes), this.#restBytes);
    this.#restBytes += bytes;
    return bytes;
  }
}

/** Bytes to be written over: a page has none that are not zero at first. */
function allocate(bytes: number): Uint8Array {
  return "Buffer" in globalThis ? Buffer.allocUnsafeSlow(bytes) : new Uint8Array(bytes);
}

function putLength(buffer: Uint8Array, at: number, length: number): void {
  buffer[at] = length >>> 24;
  buffer[at + 1] = length >>> 16;
  buffer[at + 2] = length >>> 8;
  buffer[at + 3] = length;
}

function lengthAt(buffer: Uint8Array, at: number): number {
  return (
    (((buffer[at] ?? 0) << 24) |
      ((buffer[at + 1] ?? 0) << 16) |
      ((buffer[at + 2] ?? 0) << 8) |
      (buffer[at + 3] ?? 0)) >>>
    0
  );
}
