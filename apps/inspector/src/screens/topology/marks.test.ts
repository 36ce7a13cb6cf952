import { expect, it } from "vitest";
import type { Edge } from "../../model/edges.ts";
import { byRole, type Mark } from "./marks.ts";

const mark = (id: string, role: string, leads = false): Mark => {
  return { id, role, name: id, leads, lost: false };
};
const edge = (kind: Edge["kind"], from: string, to: string): Edge => ({
  kind,
  from,
  to,
  of: "",
  relayed: false,
  rttMs: undefined,
  itemsPerSecond: undefined,
  inferred: false,
});

it("by role, the peers of a role are one mark, and what joins two roles is one edge of its kind", () => {
  const marks = [mark("a", "sensor"), mark("b", "sensor"), mark("c", "sink", true)];
  const streams = [edge("stream", "a", "c"), edge("stream", "b", "c"), edge("stream", "c", "a")];
  const others = [edge("gossip", "a", "c"), edge("gossip", "c", "b"), edge("gossip", "a", "b")];
  const drawn = byRole(marks, [...streams, ...others]);
  expect(drawn.marks.map(({ name, leads }) => [name, leads])).toEqual([
    ["sensor × 2", false],
    ["sink × 1", true],
  ]);
  expect(drawn.edges.map(({ kind, from, to }) => `${kind} ${from} ${to}`)).toEqual([
    "stream sensor sink",
    "stream sink sensor",
    "gossip sensor sink",
  ]);
});
