import type { Codec, PeerId } from "@mosaik/primitives";
import { msgpackCodec } from "@mosaik/primitives/msgpack";
import { frame, frameHeaderBytes, frameKinds, frameLength } from "@mosaik/transport";
import type { Offset } from "../../replay/core/position.ts";
import { pieceBytes } from "../config.ts";
import { newEntries, type ViewState } from "../core/entries.ts";
import { decodeEntries, encodeEntry } from "../core/entry-frames.ts";

/*
 * A state of a view as it is saved: frames side by side, cut into pieces of the same size. The first
 * says how many entries follow, and of which version they are; then one for each entry.
 */

const format = 1;

/** The pieces of a state, encoded as they are asked for. */
export function* savedPieces<Value>(
  state: ViewState<Value>,
  codec: Codec<Value>,
): Generator<Uint8Array> {
  let piece = new Uint8Array(pieceBytes);
  let at = 0;
  for (const bytes of framesOf(state, codec)) {
    for (let from = 0; from < bytes.byteLength; ) {
      const part = bytes.subarray(from, from + pieceBytes - at);
      piece.set(part, at);
      from += part.byteLength;
      at += part.byteLength;
      if (at < pieceBytes) continue;
      yield piece;
      piece = new Uint8Array(pieceBytes);
      at = 0;
    }
  }
  if (at > 0) yield piece.subarray(0, at);
}

function* framesOf<Value>(
  { entries, version, missed }: ViewState<Value>,
  codec: Codec<Value>,
): Generator<Uint8Array> {
  const offsets = [...version].map(([producer, at]) => [producer, at.incarnation, at.sequence]);
  const head = msgpackCodec.encode([format, entries.size, missed, offsets]);
  yield frame(frameKinds.data, head);
  for (const [key, value] of entries.entries()) yield encodeEntry({ key, value }, codec);
}

/**
 * Reads a state that was saved: steps over an entry each time, and returns the state; nothing where it is
 * of another format.
 */
export function* readSaved<Value>(
  bytes: Uint8Array,
  codec: Codec<Value>,
): Generator<undefined, ViewState<Value> | undefined> {
  let at = 0;
  const next = (): Uint8Array => {
    const from = at;
    at += frameHeaderBytes + frameLength(bytes, from);
    return bytes.subarray(from, at);
  };
  if (bytes.byteLength < frameHeaderBytes) return undefined;
  const head = readHead(next().subarray(frameHeaderBytes));
  if (head === undefined) return undefined;
  const entries = newEntries<Value>();
  while (at + frameHeaderBytes <= bytes.byteLength) {
    const [entry] = decodeEntries(next(), 1, codec) ?? [];
    if (entry?.value === undefined) return undefined;
    entries.set(entry.key, entry.value);
    yield undefined;
  }
  if (at !== bytes.byteLength || entries.size !== head.size) return undefined;
  return { entries, version: head.version, missed: head.missed };
}

function readHead(bytes: Uint8Array) {
  const decoded = msgpackCodec.decode(bytes);
  if (!decoded.ok || !Array.isArray(decoded.value)) return undefined;
  const [found, size, missed, offsets] = decoded.value;
  if (found !== format || !Array.isArray(offsets)) return undefined;
  // The storage vouches for every byte: what is of this format is what was saved.
  const version = new Map<PeerId, Offset>(
    offsets.map(([producer, incarnation, sequence]) => [producer, { incarnation, sequence }]),
  );
  return { size: Number(size), missed: Number(missed), version };
}
