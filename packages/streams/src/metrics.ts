import { defineMetric } from "@mosaik/primitives";

/** What streams measures, all of it. */
export const streamsMetrics = {
  itemsProduced: defineMetric({
    kind: "counter",
    name: "mosaik_stream_items_produced_total",
    help: "Items that were produced, once whatever the number of consumers.",
    unit: "items",
    label: "stream",
  }),
  bytesProduced: defineMetric({
    kind: "counter",
    name: "mosaik_stream_produced_bytes_total",
    help: "Bytes of produced items that some consumer was there for, as encoded.",
    unit: "bytes",
    label: "stream",
  }),
  itemsConsumed: defineMetric({
    kind: "counter",
    name: "mosaik_stream_items_consumed_total",
    help: "Items that arrived.",
    unit: "items",
    label: "stream",
  }),
  bytesConsumed: defineMetric({
    kind: "counter",
    name: "mosaik_stream_consumed_bytes_total",
    help: "Bytes of items that arrived, as encoded.",
    unit: "bytes",
    label: "stream",
  }),
  itemsMissed: defineMetric({
    kind: "counter",
    name: "mosaik_stream_items_missed_total",
    help: "Items known to be lost: dropped there, or damaged.",
    unit: "items",
    label: "stream",
  }),
  consumers: defineMetric({
    kind: "gauge",
    name: "mosaik_stream_consumers",
    help: "Subscriptions with consumers.",
    unit: "subscriptions",
    label: "stream",
  }),
  producers: defineMetric({
    kind: "gauge",
    name: "mosaik_stream_producers",
    help: "Subscriptions with producers.",
    unit: "subscriptions",
    label: "stream",
  }),
  refusals: defineMetric({
    kind: "counter",
    name: "mosaik_stream_refusals_total",
    help: "Consumers that were refused, by reason.",
    unit: "consumers",
    label: "reason",
  }),
  tooSlow: defineMetric({
    kind: "counter",
    name: "mosaik_stream_too_slow_total",
    help: "Consumers that were dropped because they fell behind.",
    unit: "consumers",
    label: "stream",
  }),
} as const;
