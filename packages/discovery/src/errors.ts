import { MosaikError } from "@mosaik/primitives";

/** What can go wrong in `@mosaik/discovery`, and why a peer's entry is refused. */
export type DiscoveryErrorCode =
  /** A tag is empty, longer than 128 bytes, not in NFC, or has unprintable characters. */
  | "DISCOVERY_BAD_TAG"
  /** The entry would have too many tags, offers, addresses or tickets, or too many bytes. */
  | "DISCOVERY_ENTRY_TOO_LARGE"
  /** The entry does not decode. */
  | "DISCOVERY_ENTRY_MALFORMED"
  /** The signature does not fit, or is by another than the entry's peer. */
  | "DISCOVERY_ENTRY_FORGED"
  /** The entry is of another network. */
  | "DISCOVERY_ENTRY_FOREIGN"
  /** The entry was signed further in the future than clocks may differ. */
  | "DISCOVERY_ENTRY_FUTURE"
  /** The entry was signed longer ago than entries live. */
  | "DISCOVERY_ENTRY_EXPIRED"
  /** An entry of the peer that is as new or newer is known, or its departure. */
  | "DISCOVERY_ENTRY_STALE"
  /** The catalog is full. */
  | "DISCOVERY_CATALOG_FULL"
  /** A catalog sync did not complete; `cause` says why. Retryable. */
  | "DISCOVERY_SYNC_FAILED";

/** A failure of discovery. */
export class DiscoveryError extends MosaikError<DiscoveryErrorCode> {
  override readonly name: string = "DiscoveryError";
}

const entryRefusals: Partial<Record<DiscoveryErrorCode, string>> = {
  DISCOVERY_ENTRY_MALFORMED: "the bytes are no signed entry",
  DISCOVERY_ENTRY_FORGED: "the signature of the entry is wrong",
  DISCOVERY_ENTRY_FOREIGN: "the entry is of another network",
  DISCOVERY_ENTRY_FUTURE: "the entry was signed too far in the future",
  DISCOVERY_ENTRY_EXPIRED: "the entry was signed too long ago",
  DISCOVERY_ENTRY_STALE: "the entry is no newer than what is known",
  DISCOVERY_CATALOG_FULL: "the catalog is full",
};

/** The error for an entry that was refused. */
export function entryRefused(code: DiscoveryErrorCode): DiscoveryError {
  return new DiscoveryError(code, entryRefusals[code] ?? "the entry is refused");
}
