import { GroupsSection } from "@mosaik/groups";
import { NodeSection } from "@mosaik/transport";
import type { Happened } from "./fact.ts";
import type { Group } from "./groups.ts";
import { nameIn, nameOf, peersOf, shortOf } from "./identity.ts";
import { legible } from "./legible.ts";
import { type Snapshot, sectionOf } from "./snapshot.ts";
import type { Stream } from "./streams.ts";

/** Something that somebody should look at, and where it is to be seen. */
export interface Problem {
  readonly severity: "error" | "warning";
  readonly title: string;
  readonly detail: string;
  /** Which screen shows the thing, and which thing. */
  readonly screen: string;
  readonly selected: string;
}

/** From when on figures count as problems. */
export const problemLimits = {
  /** Wall clocks that differ by more, ms. */
  clockDriftMs: 2_000,
  /** Of what may wait for a consumer, this share does. */
  waitingShare: 0.8,
  /** Positions that a voter trails the leader by. */
  trailing: 1_000,
  /** Joins and departures of one peer, and within which time, ms. */
  flaps: 4,
  flapWindowMs: 60_000,
} as const;

/** What is wrong, the worst first. */
export function problemsOf(
  snapshot: Snapshot,
  streams: readonly Stream[],
  groups: readonly Group[],
  events: readonly Happened[],
): Problem[] {
  const all = [
    ...groups.flatMap((group) => groupProblems(snapshot, group)),
    ...streams.flatMap((stream) => streamProblems(snapshot, stream)),
    ...accessProblems(snapshot),
    ...clockProblems(snapshot),
    ...flapping(snapshot, events),
    ...versionProblems(snapshot),
  ];
  return all.sort((a, b) => Number(b.severity === "error") - Number(a.severity === "error"));
}

function groupProblems(snapshot: Snapshot, group: Group): Problem[] {
  const { id, voters, online, leader, members, states } = group;
  const place = { screen: "groups", selected: id };
  const name = legible(group.name);
  const found: Problem[] = [];
  if (states === "differ") {
    const detail = "two members have different states at one position";
    found.push({ severity: "error", title: `Group ${name} has diverged`, detail, ...place });
  }
  const isWhole = members.every(({ peer }) => isLookedInto(snapshot, peer));
  if (isWhole && (leader === undefined || online === 0)) {
    const detail = leader === undefined ? "nobody leads it" : "no voter says that it is online";
    found.push({ severity: "error", title: `Group ${name} cannot commit`, detail, ...place });
  } else if (isWhole && members.some(({ voting, own }) => voting && own === undefined)) {
    const silent = members.filter(({ voting, own }) => voting && own === undefined);
    const names = silent.map(({ peer }) => nameIn(snapshot, peer)).join(", ");
    const detail = `${voters - silent.length} of ${voters} voters answer; not ${names}`;
    found.push({ severity: "warning", title: `Group ${name} lacks voters`, detail, ...place });
  }
  for (const { peer, own, lag = 0 } of members) {
    const who = nameIn(snapshot, peer);
    if (own?.state === "halted") {
      const detail = legible(own.reason ?? "no reason was given");
      found.push({ severity: "error", title: `${who} halted in group ${name}`, detail, ...place });
    } else if (lag > problemLimits.trailing) {
      const detail = `${lag} positions behind the leader`;
      found.push({
        severity: "warning",
        title: `${who} trails in group ${name}`,
        detail,
        ...place,
      });
    }
  }
  return found;
}

/** Whether a peer has told of its groups, or never will: what is still on its way is no problem. */
function isLookedInto({ peers }: Snapshot, id: string): boolean {
  const peer = peers.get(id);
  if (peer === undefined || peer.access?.state === "failed") return true;
  return peer.sections.has(GroupsSection.name);
}

function streamProblems(snapshot: Snapshot, stream: Stream): Problem[] {
  const { id, subscriptions } = stream;
  const place = { screen: "streams", selected: id };
  const name = legible(stream.name);
  return subscriptions.flatMap(
    ({ producer, consumer, waitingItems, waitingMax, droppedPerSecond = 0 }) => {
      const isFull = waitingMax > 0 && waitingItems >= problemLimits.waitingShare * waitingMax;
      if (!isFull && droppedPerSecond === 0) return [];
      const who = nameIn(snapshot, consumer);
      const dropping =
        droppedPerSecond > 0 ? `, ${droppedPerSecond.toFixed(1)} dropped a second` : "";
      const detail = `${waitingItems} items wait at ${nameIn(snapshot, producer)}${dropping}`;
      return [
        { severity: "warning" as const, title: `${who} lags behind in ${name}`, detail, ...place },
      ];
    },
  );
}

function accessProblems(snapshot: Snapshot): Problem[] {
  const dark = peersOf(snapshot).filter(({ access }) => access?.state === "failed");
  if (dark.length === 0) return [];
  const [first] = dark;
  const why = first?.access?.state === "failed" ? legible(first.access.why) : "";
  const names = dark.slice(0, 3).map((peer) => nameOf(peer));
  const more = dark.length > 3 ? ` and ${dark.length - 3} more` : "";
  const title = `${dark.length} of ${peersOf(snapshot).length} nodes do not answer inspection`;
  const detail = `${names.join(", ")}${more}: ${why}`;
  return [{ severity: "warning", title, detail, screen: "topology", selected: first?.id ?? "" }];
}

function clockProblems(snapshot: Snapshot): Problem[] {
  return peersOf(snapshot).flatMap((peer) => {
    const driftMs = driftOf(snapshot, peer.id);
    if (driftMs === undefined || Math.abs(driftMs) < problemLimits.clockDriftMs) return [];
    const way = driftMs > 0 ? "ahead of" : "behind";
    const detail = `${(Math.abs(driftMs) / 1_000).toFixed(1)} s ${way} this page's`;
    const title = `The clock of ${nameOf(peer)} is off`;
    return [{ severity: "warning" as const, title, detail, screen: "node", selected: peer.id }];
  });
}

/** How far a node's clock is ahead of the inspector's, ms, but for the time of the way. */
export function driftOf(snapshot: Snapshot, id: string): number | undefined {
  const peer = snapshot.peers.get(id);
  const held = peer?.sections.get(NodeSection.name);
  const told = sectionOf(peer, NodeSection);
  return held === undefined || told === undefined ? undefined : told.now - held.at;
}

function flapping(snapshot: Snapshot, events: readonly Happened[]): Problem[] {
  const since = snapshot.at - problemLimits.flapWindowMs;
  const moves = new Map<string, Map<string, number>>();
  for (const { at, name, facts, peer: teller } of events) {
    const { peer } = facts;
    if (at < since || name !== "peer.departed" || typeof peer !== "string") continue;
    const told = moves.get(peer) ?? new Map<string, number>();
    moves.set(peer, told.set(teller, (told.get(teller) ?? 0) + 1));
  }
  return [...moves].flatMap(([peer, told]) => {
    const most = Math.max(...told.values());
    if (most < problemLimits.flaps / 2) return [];
    const title = `${nameIn(snapshot, peer)} comes and goes`;
    const detail = `left ${most} times within a minute`;
    return [{ severity: "warning" as const, title, detail, screen: "node", selected: peer }];
  });
}

function versionProblems(snapshot: Snapshot): Problem[] {
  const versions = new Map<string, string[]>();
  for (const peer of peersOf(snapshot)) {
    const version = sectionOf(peer, NodeSection)?.packages["@mosaik/discovery"];
    if (version !== undefined) versions.set(version, [...(versions.get(version) ?? []), peer.id]);
  }
  if (versions.size < 2) return [];
  const said = [...versions].map(([version, peers]) => `${legible(version)} on ${peers.length}`);
  const [first] = [...versions.values()].sort((a, b) => a.length - b.length);
  const title = `${versions.size} versions run`;
  return [
    {
      severity: "warning",
      title,
      detail: said.join(", "),
      screen: "node",
      selected: first?.[0] ?? "",
    },
  ];
}

/** The state of the network in one line. */
export function verdictOf(
  snapshot: Snapshot,
  groups: readonly Group[],
  streams: readonly Stream[],
  problems: readonly Problem[],
): string {
  const nodes = peersOf(snapshot).length;
  if (nodes === 0) return "You are the only node";
  const healthy = groups.filter(({ leader, online }) => leader !== undefined && online > 0).length;
  const flowing = streams.filter(({ subscriptions }) => subscriptions.length > 0).length;
  const parts = [
    count(nodes, "node"),
    ...(groups.length > 0
      ? [
          healthy === groups.length
            ? `${count(groups.length, "group")} healthy`
            : `${healthy} of ${count(groups.length, "group")} healthy`,
        ]
      : []),
    ...(streams.length > 0 ? [`${count(flowing, "stream")} flowing`] : []),
    problems.length === 0 ? "no problems" : count(problems.length, "problem"),
  ];
  return parts.join(", ");
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? "" : "s"}`;
}

/** What a peer is called in a sentence where it may not be known. */
export function called(snapshot: Snapshot, id: string): string {
  return snapshot.peers.has(id) ? nameIn(snapshot, id) : shortOf(id);
}
