import { type Codec, concatBytes, decodeUtf8, encodeUtf8 } from "@mosaik/primitives";
import { frame, frameHeaderBytes, frameKinds, frameLength } from "@mosaik/transport";
import { keyBytesMax } from "../config.ts";

/** An entry of a view as it travels: `undefined` where it is gone. */
export interface Entry<Value> {
  readonly key: string;
  readonly value: Value | undefined;
}

/** The data frame of an entry: 2 bytes of key length, the key, 1 byte whether it is there, its value. */
export function encodeEntry<Value>({ key, value }: Entry<Value>, codec: Codec<Value>): Uint8Array {
  const name = encodeUtf8(key);
  const head = Uint8Array.of(name.byteLength >>> 8, name.byteLength);
  const body = value === undefined ? [Uint8Array.of(0)] : [Uint8Array.of(1), codec.encode(value)];
  return frame(frameKinds.data, concatBytes(head, name, ...body));
}

/** The entries in data frames; nothing where one is not as it must be. Total. */
export function decodeEntries<Value>(
  frames: Uint8Array,
  count: number,
  codec: Codec<Value>,
): Entry<Value>[] | undefined {
  const entries: Entry<Value>[] = [];
  let at = 0;
  for (let index = 0; index < count; index++) {
    const start = at + frameHeaderBytes;
    at = start + frameLength(frames, at);
    const entry = decodeEntry(frames.subarray(start, at), codec);
    if (entry === undefined) return undefined;
    entries.push(entry);
  }
  return entries;
}

function decodeEntry<Value>(bytes: Uint8Array, codec: Codec<Value>): Entry<Value> | undefined {
  if (bytes.byteLength < 3) return undefined;
  const length = ((bytes[0] ?? 0) << 8) | (bytes[1] ?? 0);
  const flag = bytes[2 + length];
  if (length > keyBytesMax || flag === undefined || flag > 1) return undefined;
  let key: string;
  try {
    key = decodeUtf8(bytes.subarray(2, 2 + length));
  } catch {
    return undefined;
  }
  const rest = bytes.subarray(3 + length);
  if (flag === 0) return rest.byteLength === 0 ? { key, value: undefined } : undefined;
  const decoded = codec.decode(new Uint8Array(rest.buffer, rest.byteOffset, rest.byteLength));
  if (!decoded.ok || decoded.value === undefined) return undefined;
  return { key, value: decoded.value };
}
