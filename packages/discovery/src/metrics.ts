import { defineMetric } from "@mosaik/primitives";

/** What discovery measures, all of it. */
export const discoveryMetrics = {
  peers: defineMetric({
    kind: "gauge",
    name: "mosaik_discovery_peers",
    help: "Other peers in the catalog.",
    unit: "peers",
  }),
  neighbours: defineMetric({
    kind: "gauge",
    name: "mosaik_discovery_neighbours",
    help: "Peers that it gossips with.",
    unit: "peers",
  }),
  discovered: defineMetric({
    kind: "counter",
    name: "mosaik_discovery_peers_discovered_total",
    help: "Peers that came into the catalog.",
    unit: "peers",
  }),
  departed: defineMetric({
    kind: "counter",
    name: "mosaik_discovery_peers_departed_total",
    help: "Peers that left the catalog, by reason.",
    unit: "peers",
    label: "reason",
  }),
  refused: defineMetric({
    kind: "counter",
    name: "mosaik_discovery_entries_refused_total",
    help: "Entries that were refused, by code.",
    unit: "entries",
    label: "code",
  }),
  announcements: defineMetric({
    kind: "counter",
    name: "mosaik_discovery_announcements_total",
    help: "Announcements of its own entry.",
    unit: "announcements",
  }),
  gossipDropped: defineMetric({
    kind: "counter",
    name: "mosaik_discovery_gossip_dropped_total",
    help: "Messages of neighbours that talk too much.",
    unit: "messages",
  }),
  syncs: defineMetric({
    kind: "counter",
    name: "mosaik_discovery_syncs_total",
    help: "Comparisons of catalogs that it began, by outcome.",
    unit: "syncs",
    label: "outcome",
  }),
} as const;
