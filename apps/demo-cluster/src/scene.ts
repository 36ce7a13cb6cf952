import type { GroupStatus, MemberId, PeerEntry, PeerId } from "mosaik";
import type { ClusterView } from "./cluster-view.ts";
import { type Role, type Status, tagsOf } from "./contract.ts";
import type { LedgerState } from "./ledger.ts";

// What unit tests of the view, the expectations and the dashboard are set up with.

/** The id of the peer of a number. */
export function peerNumber(number: number): PeerId {
  return number.toString(16).padStart(8, "0").padEnd(64, "a") as PeerId; // it has the form of one
}

/** A catalog entry of a peer. */
export function entryOf(peer: PeerId, role: Role, name: string): PeerEntry {
  return {
    peer,
    tags: new Set(tagsOf(role, name)),
    addresses: [],
    offers: new Map(),
    tickets: [],
    at: 0,
    version: { epoch: 1, sequence: 1 },
  } as unknown as PeerEntry; // the network's id does not matter here
}

/** An input or output with everything usual. */
export function subscribed(
  stream: string,
  peer: PeerId,
  figures: Partial<Status["inputs"][number]> = {},
): Status["inputs"][number] {
  return { stream, peer, items: 0, bytes: 0, dropped: 0, uptimeMs: 1_000, ...figures };
}

/** A status that knows some peers. */
export function statusWith(peers: readonly PeerId[], status: Partial<Status> = {}): Status {
  return {
    at: 1_000,
    pid: 42,
    uptimeMs: 61_000,
    memoryBytes: 80_000_000,
    peers: [...peers],
    inputs: [],
    outputs: [],
    offered: 0,
    audit: { items: 0, gaps: 0, lost: 0, disorder: 0 },
    ...status,
  };
}

/** A group that the first of some peers leads; the last one observes. */
export function groupStatus(peers: readonly PeerId[], term = 3): GroupStatus {
  const members = peers.map((peer, at) => {
    const isLast = at === peers.length - 1;
    const id = `${peer}#1` as MemberId; // it has the form of one
    return { id, peer, kind: isLast ? "observer" : "data", voting: !isLast, bonded: true } as const;
  });
  return {
    state: "running",
    role: "follower",
    term,
    leader: members[0]?.id,
    members,
    applied: 120,
    online: true,
  } as unknown as GroupStatus; // the rest does not matter here
}

/** A ledger of so many entries. */
export function ledgerState(entries: number): LedgerState {
  return { recorded: {}, entries, readings: 4 * entries, repeated: 0 };
}

/** A node of a scene. */
export interface Player {
  readonly role: Role;
  readonly name: string;
}

/** Puts nodes into a view, each of which knows all the others; returns their ids in order. */
export function settle(view: ClusterView, players: readonly Player[], now = 0): PeerId[] {
  const peers = players.map((_, index) => peerNumber(index + 1));
  for (const [index, player] of players.entries()) {
    const peer = peers[index];
    if (peer === undefined) continue;
    view.discovered(entryOf(peer, player.role, player.name), now);
    view.reported(peer, statusWith(peers.filter((other) => other !== peer)), now);
  }
  return peers;
}
