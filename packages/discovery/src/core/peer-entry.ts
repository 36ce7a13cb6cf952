import {
  concatBytes,
  type Digest,
  decodeId,
  type Ed25519,
  encodeId,
  fail,
  type Identity,
  type NetworkId,
  ok,
  openSigned,
  type PeerId,
  type Result,
  type SignedErrorCode,
  signMessage,
} from "@mosaik/primitives";
import type { PeerEntry } from "../discovery.ts";
import { DiscoveryError } from "../errors.ts";
import { EntryMessage, type WireEntry } from "../wire.ts";

/** A peer's entry or goodbye, its signature checked, with the bytes to store and pass on. */
export interface SignedEntry {
  readonly entry: PeerEntry;
  /** Whether it is the peer's goodbye. */
  readonly gone: boolean;
  readonly bytes: Uint8Array;
}

/**
 * Signs an entry, or the goodbye of its version and time.
 *
 * @throws MosaikError with `MESSAGE_TOO_LARGE`.
 */
export function signEntry(
  entry: PeerEntry,
  options: { readonly identity: Identity; readonly gone: boolean },
): SignedEntry {
  const wire = toWire(options.gone ? emptied(entry) : entry, options.gone);
  const { bytes } = signMessage(EntryMessage, wire, options.identity);
  return { entry, gone: options.gone, bytes };
}

/** Checks the signature, then decodes. Total: refused with `DISCOVERY_ENTRY_MALFORMED` or `_FORGED`. */
export function openEntry(
  bytes: Uint8Array,
  ed25519: Ed25519,
): Result<SignedEntry, DiscoveryError> {
  const opened = openSigned(EntryMessage, bytes, ed25519);
  if (!opened.ok) return fail(refusal(opened.error.code, opened.error));
  const { signer, value } = opened.value;
  return ok({ entry: fromWire(signer, value), gone: value.gone, bytes });
}

/** Who claims to have signed the bytes; nothing is checked. */
export function claimedSigner(bytes: Uint8Array): PeerId | undefined {
  return bytes.byteLength < 32 ? undefined : decodeId<PeerId>(bytes.subarray(0, 32));
}

/** The bytes that the entry has on the wire, signature aside. Throws where it is too large. */
export function entrySize(entry: PeerEntry): number {
  return EntryMessage.encode(toWire(entry, false)).byteLength;
}

/** Whether two entries say the same, version and time aside. */
export function sameContent(left: PeerEntry, right: PeerEntry): boolean {
  return (
    sameTexts(left.addresses, right.addresses) &&
    sameTexts(left.tickets, right.tickets) &&
    sameSets(left.tags, right.tags) &&
    left.offers.size === right.offers.size &&
    [...left.offers].every(([kind, ids]) => {
      const others = right.offers.get(kind);
      return others !== undefined && sameSets(ids, others);
    })
  );
}

function toWire(entry: PeerEntry, gone: boolean): WireEntry {
  const kinds = [...entry.offers].sort(([left], [right]) => (left < right ? -1 : 1));
  return {
    network: encodeId(entry.network),
    version: [entry.version.epoch, entry.version.sequence],
    at: entry.at,
    gone,
    addresses: [...entry.addresses],
    tags: [...entry.tags].sort(),
    offers: kinds.map(([kind, ids]) => [kind, concatBytes(...[...ids].sort().map(encodeId))]),
    tickets: [...entry.tickets],
  };
}

function fromWire(peer: PeerId, wire: WireEntry): PeerEntry {
  const [epoch, sequence] = wire.version;
  return {
    peer,
    network: decodeId<NetworkId>(wire.network),
    version: { epoch, sequence },
    at: wire.at,
    addresses: wire.addresses,
    tags: new Set(wire.tags),
    offers: new Map(wire.offers.map(([kind, ids]) => [kind, splitIds(ids)])),
    tickets: wire.tickets,
  };
}

function splitIds(bytes: Uint8Array): Set<Digest> {
  const ids = new Set<Digest>();
  for (let offset = 0; offset < bytes.byteLength; offset += 32) {
    ids.add(decodeId(bytes.subarray(offset, offset + 32)));
  }
  return ids;
}

function emptied(entry: PeerEntry): PeerEntry {
  return { ...entry, addresses: [], tags: new Set(), offers: new Map(), tickets: [] };
}

function refusal(code: SignedErrorCode, cause: unknown): DiscoveryError {
  return code === "SIGNATURE_INVALID"
    ? new DiscoveryError("DISCOVERY_ENTRY_FORGED", "the signature of the entry is wrong", { cause })
    : new DiscoveryError("DISCOVERY_ENTRY_MALFORMED", "the bytes are no signed entry", { cause });
}

function sameTexts(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((text, index) => text === right[index]);
}

function sameSets(left: ReadonlySet<string>, right: ReadonlySet<string>): boolean {
  return left.size === right.size && [...left].every((item) => right.has(item));
}
