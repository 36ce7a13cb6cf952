import { decodeUtf8, encodeUtf8 } from "@mosaik/primitives";
import type { Entry, EntryKind } from "../../raft/entry.ts";
import type { Configuration } from "../../raft/member.ts";

/*
 * Entries as bytes: the index of the first, then for each
 *
 *     term 8 | kind 1 | data length 4 | configuration length 4 | data | configuration (JSON)
 */

const kinds: readonly EntryKind[] = ["command", "noop", "configuration"];
const frontBytes = 17;

/** The bytes of entries that follow each other; none for none. */
export function encodeEntries(entries: readonly Entry[]): Uint8Array {
  const [first] = entries;
  if (!first) return nothing;
  const configurations: Uint8Array[] = [];
  let size = 8;
  for (const { data, configuration } of entries) {
    size += frontBytes + data.byteLength;
    if (configuration === undefined) continue;
    const encoded = encodeUtf8(JSON.stringify(configuration));
    configurations.push(encoded);
    size += encoded.byteLength;
  }
  const bytes = new Uint8Array(size);
  const view = new DataView(bytes.buffer);
  view.setFloat64(0, first.index);
  let at = 8;
  for (const { term, kind, data, configuration } of entries) {
    const encoded = configuration && configurations.shift();
    view.setFloat64(at, term);
    view.setUint8(at + 8, kinds.indexOf(kind));
    view.setUint32(at + 9, data.byteLength);
    view.setUint32(at + 13, encoded?.byteLength ?? 0);
    at += frontBytes;
    bytes.set(data, at);
    at += data.byteLength;
    if (encoded === undefined) continue;
    bytes.set(encoded, at);
    at += encoded.byteLength;
  }
  return bytes;
}

/** The entries of bytes that {@link encodeEntries} made. */
export function decodeEntries(bytes: Uint8Array): Entry[] {
  const entries: Entry[] = [];
  if (bytes.byteLength === 0) return entries;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let index = view.getFloat64(0);
  let at = 8;
  while (at < bytes.byteLength) {
    const dataAt = at + frontBytes;
    const configurationAt = dataAt + view.getUint32(at + 9);
    const end = configurationAt + view.getUint32(at + 13);
    entries.push({
      index: index++,
      term: view.getFloat64(at),
      kind: kinds[view.getUint8(at + 8)] ?? "command",
      data: bytes.slice(dataAt, configurationAt),
      configuration: decodeConfiguration(bytes.subarray(configurationAt, end)),
    });
    at = end;
  }
  return entries;
}

function decodeConfiguration(bytes: Uint8Array): Configuration | undefined {
  if (bytes.byteLength === 0) return undefined;
  return JSON.parse(decodeUtf8(bytes)) as Configuration; // a checked record: we wrote it
}

const nothing = new Uint8Array(0);
