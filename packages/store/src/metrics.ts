import { defineMetric } from "@mosaik/primitives";

/** What stores measure, all of it. A store is labelled with its name and the first digits of its group's id. */
export const storesMetrics = {
  items: defineMetric({
    kind: "gauge",
    name: "mosaik_store_items",
    help: "Items that this replica holds.",
    unit: "items",
    label: "store",
  }),
  version: defineMetric({
    kind: "gauge",
    name: "mosaik_store_version",
    help: "Changes that this replica has applied.",
    unit: "changes",
    label: "store",
  }),
} as const;
