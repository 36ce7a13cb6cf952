import { concatBytes } from "@mosaik/primitives";

/** Cuts records of any size into pieces of at most `pieceBytes`: each record after its length. */
export function* cutRecords(
  records: Iterable<Uint8Array>,
  pieceBytes: number,
): Generator<Uint8Array> {
  let piece = new Uint8Array(pieceBytes);
  let at = 0;
  for (const record of records) {
    const head = new Uint8Array(4);
    new DataView(head.buffer).setUint32(0, record.byteLength);
    for (const part of [head, record]) {
      for (let from = 0; from < part.byteLength; ) {
        const taken = Math.min(pieceBytes - at, part.byteLength - from);
        piece.set(part.subarray(from, from + taken), at);
        from += taken;
        at += taken;
        if (at < pieceBytes) continue;
        yield piece;
        piece = new Uint8Array(pieceBytes);
        at = 0;
      }
    }
  }
  if (at > 0) yield piece.subarray(0, at);
}

/** The records of pieces; nothing where they do not come out even. Total. */
export function joinRecords(pieces: readonly Uint8Array[]): Uint8Array[] | undefined {
  const whole = concatBytes(...pieces);
  const view = new DataView(whole.buffer);
  const records: Uint8Array[] = [];
  let at = 0;
  while (at < whole.byteLength) {
    if (whole.byteLength - at < 4) return undefined;
    const length = view.getUint32(at);
    if (length > whole.byteLength - at - 4) return undefined;
    records.push(whole.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return records;
}
