import { encodeHex, type Random } from "@mosaik/primitives";

/**
 * Names a run of a producer, 8 bytes: the milliseconds of its beginning in six, then two random ones.
 * So those of one producer sort by time, as far as its clock goes forward.
 */
export function newIncarnation(nowMs: number, random: Random): Uint8Array {
  const bytes = new Uint8Array(8);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, Math.floor(nowMs / 0x1_0000));
  view.setUint16(4, nowMs % 0x1_0000);
  bytes.set(random.bytes(2), 6);
  return bytes;
}

/** An incarnation as text, which sorts as the bytes do. */
export function incarnationName(bytes: Uint8Array): string {
  return encodeHex(bytes);
}
