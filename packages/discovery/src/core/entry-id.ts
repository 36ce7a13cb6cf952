import { decodeId, encodeId, type PeerId } from "@mosaik/primitives";
import { entryIdBytes } from "../config.ts";
import type { EntryVersion } from "../discovery.ts";

/** Names one state of one peer: what gossip and sync compare before they send anything. */
export interface EntryId {
  readonly peer: PeerId;
  readonly version: EntryVersion;
}

/** Negative where `left` is older, positive where it is newer, 0 where they are the same. */
export function compareVersions(left: EntryVersion, right: EntryVersion): number {
  return left.epoch - right.epoch || left.sequence - right.sequence;
}

/** The later of two versions. */
export function laterVersion(left: EntryVersion, right: EntryVersion): EntryVersion {
  return compareVersions(left, right) >= 0 ? left : right;
}

/** Ids side by side. */
export function encodeEntryIds(ids: readonly EntryId[]): Uint8Array {
  const bytes = new Uint8Array(ids.length * entryIdBytes);
  const view = new DataView(bytes.buffer);
  ids.forEach(({ peer, version }, index) => {
    const offset = index * entryIdBytes;
    bytes.set(encodeId(peer), offset);
    writeUint48(view, offset + 32, version.epoch);
    writeUint48(view, offset + 38, version.sequence);
  });
  return bytes;
}

/** The ids of bytes; a rest that is no whole id is ignored. Total. */
export function decodeEntryIds(bytes: Uint8Array): EntryId[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const ids: EntryId[] = [];
  for (let offset = 0; offset + entryIdBytes <= bytes.byteLength; offset += entryIdBytes) {
    ids.push({
      peer: decodeId<PeerId>(bytes.subarray(offset, offset + 32)),
      version: {
        epoch: readUint48(view, offset + 32),
        sequence: readUint48(view, offset + 38),
      },
    });
  }
  return ids;
}

function writeUint48(view: DataView, offset: number, value: number): void {
  view.setUint16(offset, Math.floor(value / 2 ** 32));
  view.setUint32(offset + 2, value % 2 ** 32);
}

function readUint48(view: DataView, offset: number): number {
  return view.getUint16(offset) * 2 ** 32 + view.getUint32(offset + 2);
}
