import { NodeSection } from "@mosaik/transport";
import { legible } from "./legible.ts";
import { type Peer, type Snapshot, sectionOf } from "./snapshot.ts";

/** The tag of inspectors: they watch and take no part. */
export const inspectorTag = "inspector";

/** Letters of an id that are shown: enough to tell the peers of a network apart. */
export const idLetters = 8;

/** An id as it is shown. */
export function shortOf(id: string): string {
  return legible(id.slice(0, idLetters));
}

/** What a peer calls itself: its tags. */
export function tagsOf(peer: Peer | undefined): readonly string[] {
  return peer?.entry?.tags ?? sectionOf(peer, NodeSection)?.tags ?? [];
}

/** The role of a peer: the first of its tags that is a word, not `key=value`. */
export function roleOf(peer: Peer | undefined): string {
  return legible(tagsOf(peer).find((tag) => tag !== "" && !tag.includes("=")) ?? "node", 24);
}

/** The name of a peer: that of a tag `name=…`, or the beginning of its id. */
export function nameOf(peer: Peer | undefined, id = peer?.id ?? ""): string {
  const tag = tagsOf(peer).find((each) => each.startsWith("name=") && each.length > 5);
  return tag === undefined ? shortOf(id) : legible(tag.slice(5), 40);
}

/** The name of a peer that may have left meanwhile. */
export function nameIn(snapshot: Snapshot, id: string): string {
  if (id === snapshot.me) return "this page";
  const gone = snapshot.departed.findLast(({ peer }) => peer.id === id)?.peer;
  return nameOf(snapshot.peers.get(id) ?? gone, id);
}

const order = new Intl.Collator("en", { numeric: true }).compare;
/** What was ordered already: a snapshot is asked for its peers many times. */
const ordered = new WeakMap<Snapshot, readonly Peer[]>();

/** The peers, without inspectors unless asked for, in the order of role and name. */
export function peersOf(snapshot: Snapshot, inspectors = false): readonly Peer[] {
  const all = ordered.get(snapshot) ?? inOrder(snapshot);
  ordered.set(snapshot, all);
  return inspectors ? all : all.filter((peer) => !isInspector(peer));
}

function inOrder({ peers }: Snapshot): Peer[] {
  const keyed = [...peers.values()].map((peer) => {
    return { peer, id: peer.id, role: roleOf(peer), name: nameOf(peer) };
  });
  keyed.sort((a, b) => order(a.role, b.role) || order(a.name, b.name) || (a.id < b.id ? -1 : 1));
  return keyed.map(({ peer }) => peer);
}

/** Whether a peer only watches. */
export function isInspector(peer: Peer): boolean {
  return tagsOf(peer).includes(inspectorTag);
}

const rolesKnown = new WeakMap<Snapshot, readonly string[]>();

/** The roles there are, in order. */
export function rolesIn(snapshot: Snapshot): readonly string[] {
  const roles =
    rolesKnown.get(snapshot) ?? [...new Set(peersOf(snapshot, true).map(roleOf))].sort();
  rolesKnown.set(snapshot, roles);
  return roles;
}

/** Shapes that tell roles apart without colour. */
export const shapes = ["circle", "square", "diamond", "triangle", "hexagon", "pentagon"] as const;
/** See {@link shapes}. */
export type Shape = (typeof shapes)[number];

/** Colours there are for roles: `--role-0` and so on. */
export const roleColors = 8;

/** How a role looks: by its place among the roles of the network. */
export function looksOf(
  role: string,
  roles: readonly string[],
): {
  readonly shape: Shape;
  readonly letter: string;
  readonly color: number;
} {
  const place = Math.max(0, roles.indexOf(role));
  const letter = (role.match(/\p{L}|\p{N}/u)?.[0] ?? "?").toUpperCase();
  return { shape: shapes[place % shapes.length] ?? "circle", letter, color: place % roleColors };
}
