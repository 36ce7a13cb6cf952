import type { DiscoveryErrorCode } from "@mosaik/discovery";
import type { Page } from "./page.ts";

/** Of the catalog and its entries. */
export const discoveryPages: Readonly<Record<DiscoveryErrorCode, Page>> = {
  DISCOVERY_BAD_TAG: {
    meaning: "A tag is empty, longer than 128 bytes, not in NFC, or has unprintable characters.",
    hint: "use letters, digits and punctuation",
  },
  DISCOVERY_ENTRY_TOO_LARGE: {
    meaning: "A node would say more of itself than an entry of the catalog may hold.",
    hint: "use fewer tags, streams, addresses or tickets on one node",
  },
  DISCOVERY_ENTRY_MALFORMED: {
    meaning: "A peer sent an entry that does not decode.",
    hint: "look which version of mosaik that peer runs",
  },
  DISCOVERY_ENTRY_FORGED: {
    meaning: "An entry's signature is wrong: it was altered, or is not by the peer it speaks of.",
    hint: "find out who passes it on: that peer is broken or hostile",
  },
  DISCOVERY_ENTRY_FOREIGN: {
    meaning: "An entry is of another network.",
    hint: "look which node belongs to two networks",
  },
  DISCOVERY_ENTRY_FUTURE: {
    meaning: "An entry was signed further in the future than clocks may differ.",
    hint: "set the clocks: run NTP on every machine",
  },
  DISCOVERY_ENTRY_EXPIRED: {
    meaning: "An entry was signed longer ago than entries live.",
    hint: "set the clocks: run NTP on every machine",
  },
  DISCOVERY_ENTRY_STALE: {
    meaning: "A newer entry of the peer is known, or its departure.",
    hint: "nothing: this is how old news ends",
  },
  DISCOVERY_CATALOG_FULL: {
    meaning: "The catalog has as many peers as it may.",
    hint: "raise catalogPeersMax of discovery()",
  },
  DISCOVERY_SYNC_FAILED: {
    meaning: "Comparing catalogs with a peer did not come to an end.",
    hint: "try again",
  },
};
