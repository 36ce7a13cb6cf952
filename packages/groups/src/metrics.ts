import { defineMetric } from "@mosaik/primitives";

/** What groups measures, all of it. */
export const groupsMetrics = {
  members: defineMetric({
    kind: "gauge",
    name: "mosaik_group_members",
    help: "Members, as this one knows.",
    unit: "members",
    label: "group",
  }),
  voters: defineMetric({
    kind: "gauge",
    name: "mosaik_group_voters",
    help: "Members that count in majorities.",
    unit: "members",
    label: "group",
  }),
  bonds: defineMetric({
    kind: "gauge",
    name: "mosaik_group_bonds",
    help: "Members that it is in touch with.",
    unit: "members",
    label: "group",
  }),
  term: defineMetric({
    kind: "gauge",
    name: "mosaik_group_term",
    help: "The term that it is in.",
    unit: "terms",
    label: "group",
  }),
  leads: defineMetric({
    kind: "gauge",
    name: "mosaik_group_leads",
    help: "1 where it leads, else 0.",
    unit: "leaders",
    label: "group",
  }),
  committed: defineMetric({
    kind: "gauge",
    name: "mosaik_group_committed",
    help: "The last position that it knows to be committed.",
    unit: "positions",
    label: "group",
  }),
  lag: defineMetric({
    kind: "gauge",
    name: "mosaik_group_lag",
    help: "Committed positions that it has not applied yet.",
    unit: "positions",
    label: "group",
  }),
  elections: defineMetric({
    kind: "counter",
    name: "mosaik_group_elections_total",
    help: "Elections that it stood for.",
    unit: "elections",
    label: "group",
  }),
  leaderChanges: defineMetric({
    kind: "counter",
    name: "mosaik_group_leader_changes_total",
    help: "Leaders that it saw come or go.",
    unit: "changes",
    label: "group",
  }),
  commandTime: defineMetric({
    kind: "histogram",
    name: "mosaik_group_command_seconds",
    help: "From the giving of commands to their being carried out, where they were given.",
    unit: "seconds",
    label: "group",
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
  }),
  alarms: defineMetric({
    kind: "counter",
    name: "mosaik_group_alarms_total",
    help: "Members that sent what no member may send.",
    unit: "alarms",
    label: "group",
  }),
} as const;
