import { admissionCauses } from "./admission-causes.ts";
import { type Cause, causeKinds } from "./cause.ts";
import { reachCauses } from "./reach-causes.ts";
import type { Side } from "./side.ts";
import { streamCauses } from "./stream-causes.ts";

/**
 * Why two nodes are not connected, or, being connected, do not talk: an answer from what both say of
 * themselves, the most telling cause first. Never empty. Pure: read the sections of both, then ask.
 *
 * @param stream - the id of the stream that should flow. Default: any.
 * @example
 * ```ts
 * import { whyApart } from "@mosaik/streams";
 *
 * const at = { tags: [], seeds: [], addresses: [], services: [], packages: {}, runtime: "Node.js/24" };
 * const node = (peer: string, network: string) =>
 *   ({ peer, node: { ...at, peer, network, now: 0, startedAt: 0 } });
 * const [cause] = whyApart(node("ab", "weather"), node("cd", "whether"));
 * console.log(cause?.text); // one is in 'weather', the other in 'whether'
 * ```
 */
export function whyApart(one: Side, two: Side, stream?: string): readonly Cause[] {
  const connected = connection(one, two);
  const both = [
    [one, two],
    [two, one],
  ] as const;
  const found = [
    ...(connected === undefined ? both.flatMap(([from, to]) => admissionCauses(from, to)) : []),
    ...both.flatMap(([consumer, producer]) => streamCauses(consumer, producer, stream)),
    ...(connected === undefined ? both.flatMap(([from, to]) => reachCauses(from, to)) : []),
  ];
  const last = connected ?? lost(one, two) ?? otherwise(one, two);
  const all = found.length === 0 || connected !== undefined ? [...found, last] : found;
  return distinct(all).sort(byImportance);
}

function connection(one: Side, two: Side): Cause | undefined {
  const there = one.connections?.[two.peer] ?? two.connections?.[one.peer];
  if (there === undefined) return undefined;
  const way = there.path === "relay" ? "through a relay" : "directly";
  const text = `they are connected, ${way}, with ${Math.round(there.rttMs)} ms there and back`;
  return { kind: "connected", certainty: "certain", text, remedy: "nothing" };
}

/** They have dialled each other before, and nothing failed since. */
function lost(one: Side, two: Side): Cause | undefined {
  const dialled = one.dials?.[two.peer] ?? two.dials?.[one.peer];
  if (dialled?.at(-1)?.ok !== true) return undefined;
  return {
    kind: "connection-lost",
    certainty: "likely",
    text: "they were connected, and no longer are: it was idle, or it was lost",
    remedy: "nothing if neither wants something of the other; else look at the events of both",
  };
}

function otherwise(one: Side, two: Side): Cause {
  if (one.catalog !== undefined && two.catalog !== undefined) {
    return {
      kind: "nothing-wanted",
      certainty: "likely",
      text: "they know of each other, but neither wants a link: no stream, group or store they share",
      remedy: "nothing: a connection is made when one is wanted",
    };
  }
  return {
    kind: "cannot-look",
    certainty: "likely",
    text: "at least one of them does not let us look into it, and the other knows no reason",
    remedy: "give the key to read, or look from the machine it runs on",
  };
}

function distinct(causes: readonly Cause[]): Cause[] {
  return [...new Map(causes.map((cause) => [`${cause.kind} ${cause.text}`, cause])).values()];
}

function byImportance(left: Cause, right: Cause): number {
  // A connection is said last where there is something to complain about.
  const rank = ({ kind, certainty }: Cause): number =>
    (kind === "connected" ? 200 : causeKinds.indexOf(kind)) + (certainty === "certain" ? 0 : 100);
  return rank(left) - rank(right);
}
