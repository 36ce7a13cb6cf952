import { GroupsSection } from "@mosaik/groups";
import type { Schema } from "@mosaik/primitives";
import { StoresSection } from "@mosaik/store";
import { StreamsSection } from "@mosaik/streams";
import {
  ConnectionsSection,
  DialsSection,
  MetricsSection,
  NodeSection,
  RefusalsSection,
  type Section,
} from "@mosaik/transport";

/** What the inspector spends on looking, at most. */
export const inspectorLimits = {
  /** Pictures a second: ten. What comes in between is learned together. */
  paintMs: 100,
  /** Inspections that are being opened at once, and that are open: browsers have some 250 sockets. */
  openingMax: 8,
  openMax: 200,
  /** Opening one takes at most this long, ms. */
  openTimeoutMs: 8_000,
  /** Another attempt after a failure: first after, then twice that each time, up to; ms. */
  retryMs: 1_000,
  retryMaxMs: 30_000,
  /** From so many inspections on, each is followed less often, in proportion. */
  inspectionsAtFullRate: 25,
} as const;

/** The sections that are followed on every node, and how often, ms. */
export const followed: readonly {
  readonly section: Section<unknown> | Section<unknown, unknown>;
  readonly everyMs: number;
}[] = [
  { section: loose(NodeSection), everyMs: 2_000 },
  { section: loose(ConnectionsSection), everyMs: 1_000 },
  { section: loose(StreamsSection), everyMs: 1_000 },
  { section: loose(GroupsSection), everyMs: 400 },
  { section: loose(DialsSection), everyMs: 3_000 },
  { section: loose(RefusalsSection), everyMs: 3_000 },
  { section: loose(StoresSection), everyMs: 1_000 },
  { section: loose(MetricsSection), everyMs: 5_000 },
];

function loose<Value>(section: Section<Value>): Section<unknown> {
  return { ...section, value: section.value as Schema<unknown> }; // a schema of less is one of more
}
