import type { Edge } from "../../model/edges.ts";
import { nameOf, roleOf } from "../../model/identity.ts";
import type { Peer } from "../../model/snapshot.ts";

/** What the graph draws at one place: a peer, or all peers of a role. */
export interface Mark {
  readonly id: string;
  readonly role: string;
  readonly name: string;
  /** Whether it leads a group. */
  readonly leads: boolean;
  /** Whether it does not answer inspection. */
  readonly lost: boolean;
}

/** From so many peers on they are drawn by role, unless asked for otherwise: single ones say nothing. */
export const singleMax = 300;

/** The peers as marks. */
export function marksOf(peers: readonly Peer[], leaders: ReadonlySet<string>): Mark[] {
  return peers.map((peer) => ({
    id: peer.id,
    role: roleOf(peer),
    name: nameOf(peer),
    leads: leaders.has(peer.id),
    lost: peer.access?.state === "failed",
  }));
}

/** One mark for each role, whose id is the role, and one edge of a kind from role to role. */
export function byRole(
  marks: readonly Mark[],
  edges: readonly Edge[],
): { readonly marks: readonly Mark[]; readonly edges: readonly Edge[] } {
  const roleById = new Map(marks.map(({ id, role }) => [id, role]));
  const counts = new Map<string, number>();
  for (const { role } of marks) counts.set(role, (counts.get(role) ?? 0) + 1);
  const joined = new Map<string, Edge>();
  for (const edge of edges) {
    const ends = [roleById.get(edge.from) ?? "", roleById.get(edge.to) ?? ""];
    if (edge.kind !== "stream") ends.sort();
    const [from = "", to = ""] = ends;
    if (from !== to) joined.set(`${edge.kind} ${from} ${to}`, { ...edge, from, to });
  }
  return {
    marks: [...counts].map(([role, count]) => ({
      id: role,
      role,
      name: `${role} × ${count}`,
      leads: marks.some((mark) => mark.role === role && mark.leads),
      lost: marks.every((mark) => mark.role !== role || mark.lost),
    })),
    edges: [...joined.values()],
  };
}
