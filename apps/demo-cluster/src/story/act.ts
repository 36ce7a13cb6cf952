import type { Cluster } from "../cluster.ts";
import type { RunningMember } from "../supervisor.ts";
import type { Checks } from "./checks.ts";
import { missingLinks, missingPeers } from "./expectations.ts";

/** What an act plays with. */
export interface Stage {
  readonly cluster: Cluster;
  readonly checks: Checks;
}

/** A part of the story. */
export interface Act {
  readonly title: string;
  /** Its time limits added up, milliseconds: without that much left an optional act is left out. */
  readonly needsMs: number;
  readonly optional: boolean;
  play(stage: Stage): Promise<void>;
}

/**
 * The member of a name, which must be up.
 *
 * @throws `Error` where it is not.
 */
export function memberOf({ cluster }: Stage, name: string): RunningMember {
  const member = cluster.supervisor.members.get(name);
  if (member?.state.kind !== "up") throw new Error(`${name} is not running`);
  return { ...member, state: member.state };
}

/** Everybody who is up, the dashboard's node included. */
export function livePeers({ cluster }: Stage): ReadonlySet<string> {
  const members = [...cluster.supervisor.members.values()];
  const peers = members.flatMap(({ state }) => (state.kind === "up" ? [state.peer] : []));
  return new Set([cluster.observer.node.peer, ...peers]);
}

/** What lacks for every catalog to be complete and every expected subscription to be up. */
export function unconverged(stage: Stage): string[] {
  const { view } = stage.cluster.observer;
  return [...missingPeers(view, livePeers(stage)), ...missingLinks(view)];
}

/** What lacks for a peer to be fed by all who should, or to feed them, an item at least each. */
export function notFlowing({ cluster }: Stage, way: "from" | "to", peer: string): string[] {
  const { view } = cluster.observer;
  if (!view.present.some((node) => node.peer === peer)) return ["it is not known yet"];
  return missingLinks(view, { where: (link) => link[way].peer === peer, itemsMin: 1 });
}

/** From when on a member's part is measured, for people: its node is up; what came before is Node. */
export function sinceUp(member: RunningMember): string {
  const now = performance.now();
  const startMs = Math.round(member.state.at - member.spawnedAt);
  const inAll = Math.round(now - member.spawnedAt);
  return `from the moment its node was up; ${inAll} ms from the start of the process, which took ${startMs}`;
}
