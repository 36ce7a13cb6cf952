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

/** The bytes of entries that follow each other, in parts; none for none. */
export function encodeEntries(entries: readonly Entry[]): Uint8Array[] {
  const [first] = entries;
  if (!first) return [];
  const start = new Uint8Array(8);
  new DataView(start.buffer).setFloat64(0, first.index);
  const parts: Uint8Array[] = [start];
  const fronts = new Uint8Array(frontBytes * entries.length);
  const view = new DataView(fronts.buffer);
  let at = 0;
  for (const entry of entries) {
    const configuration = encodeConfiguration(entry.configuration);
    view.setFloat64(at, entry.term);
    view.setUint8(at + 8, kinds.indexOf(entry.kind));
    view.setUint32(at + 9, entry.data.byteLength);
    view.setUint32(at + 13, configuration.byteLength);
    parts.push(fronts.subarray(at, at + frontBytes), entry.data, configuration);
    at += frontBytes;
  }
  return parts;
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

function encodeConfiguration(configuration: Configuration | undefined): Uint8Array {
  if (configuration === undefined) return nothing;
  return encodeUtf8(JSON.stringify(configuration));
}

function decodeConfiguration(bytes: Uint8Array): Configuration | undefined {
  if (bytes.byteLength === 0) return undefined;
  return JSON.parse(decodeUtf8(bytes)) as Configuration; // a checked record: we wrote it
}

const nothing = new Uint8Array(0);
