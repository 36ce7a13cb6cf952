import { discoveryMetrics } from "@mosaik/discovery";
import { groupsMetrics } from "@mosaik/groups";
import type { Metric } from "@mosaik/primitives";
import { storesMetrics } from "@mosaik/store";
import { streamsMetrics } from "@mosaik/streams";
import { transportMetrics } from "@mosaik/transport";

/** Everything that a node measures, by the part that does. */
export const allMetrics: Readonly<Record<string, readonly Metric[]>> = {
  Connections: Object.values(transportMetrics),
  Discovery: Object.values(discoveryMetrics),
  Streams: Object.values(streamsMetrics),
  Groups: Object.values(groupsMetrics),
  Stores: Object.values(storesMetrics),
};
