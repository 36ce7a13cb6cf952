export { type DiscoveryOptions, discoveryDefaults, entryLimits } from "./config.ts";
export { type CatalogEntry, CatalogEntrySection, CatalogSection } from "./diagnostics.ts";
export type {
  Catalog,
  DepartureReason,
  Discovery,
  DiscoveryEvent,
  EntryVersion,
  PeerEntry,
  PeerInfo,
} from "./discovery.ts";
export { DiscoveryError, type DiscoveryErrorCode } from "./errors.ts";
export { discoveryMetrics } from "./metrics.ts";
export { discovery } from "./service.ts";
