import { defineMetric } from "@mosaik/primitives";

/** What transport measures, all of it. */
export const transportMetrics = {
  connections: defineMetric({
    kind: "gauge",
    name: "mosaik_connections",
    help: "Peers with an admitted connection.",
    unit: "connections",
  }),
  opened: defineMetric({
    kind: "counter",
    name: "mosaik_connections_opened_total",
    help: "Connections that were admitted, by who opened them.",
    unit: "connections",
    label: "direction",
  }),
  closed: defineMetric({
    kind: "counter",
    name: "mosaik_connections_closed_total",
    help: "Admitted connections that ended, by reason.",
    unit: "connections",
    label: "reason",
  }),
  refused: defineMetric({
    kind: "counter",
    name: "mosaik_connections_refused_total",
    help: "Connections that were not admitted, by reason.",
    unit: "connections",
    label: "reason",
  }),
  dialsFailed: defineMetric({
    kind: "counter",
    name: "mosaik_dials_failed_total",
    help: "Dials that came to nothing, by code.",
    unit: "dials",
    label: "code",
  }),
  bytesSent: defineMetric({
    kind: "counter",
    name: "mosaik_sent_bytes_total",
    help: "Bytes sent over links, framing included, by protocol.",
    unit: "bytes",
    label: "protocol",
  }),
  bytesReceived: defineMetric({
    kind: "counter",
    name: "mosaik_received_bytes_total",
    help: "Bytes received over links, framing included, by protocol.",
    unit: "bytes",
    label: "protocol",
  }),
  roundTrip: defineMetric({
    kind: "histogram",
    name: "mosaik_round_trip_seconds",
    help: "Round trips of pings.",
    unit: "seconds",
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
  }),
} as const;
