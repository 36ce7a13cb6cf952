import type { PeerEntry } from "@mosaik/discovery";
import { type PeerId, streamId } from "@mosaik/primitives";
import { NodeSection } from "@mosaik/transport";
import type { Host } from "../host.ts";
import type { Joined, Observer } from "../network/join.ts";
import { lookInto, readKeyOf } from "../network/look.ts";
import type { InspectOptions } from "../settings/common-options.ts";

/** What is told of a peer. Facts that only the peer itself knows are there where it lets us look. */
export interface PeerRow {
  readonly [name: string]: unknown;
  readonly peer: PeerId;
  readonly tags: readonly string[];
  readonly addresses: readonly string[];
  /** How many streams it produces, and in how many groups it is. */
  readonly produces: number;
  readonly groups: number;
  /** When it signed what it says of itself, by its own clock. */
  readonly signedAt: number;
  readonly rttMs?: number;
  readonly path?: "direct" | "relay";
  readonly uptimeMs?: number;
}

/** Peers sign what they say of themselves anew every 15 s, if nobody set that otherwise, ms. */
const staleMs = 30_000;

/** Which peers. */
export interface PeerFilter {
  readonly withTag?: readonly string[] | undefined;
  readonly stream?: string | undefined;
  readonly group?: string | undefined;
  readonly stale?: true | undefined;
}

/** The peers of the network that pass a filter, in the order of their ids. */
export async function peerRows(
  host: Host,
  options: InspectOptions & PeerFilter,
  joined: Joined<Observer>,
): Promise<PeerRow[]> {
  const { node, deadline } = joined;
  const entries = [...node.discovery.catalog.value.peers.values()]
    .filter((entry) => passes(entry, options))
    .sort((a, b) => (a.peer < b.peer ? -1 : 1));
  const key = await readKeyOf(host, options);
  const peers = entries.map(({ peer }) => peer);
  const looks = await lookInto(node, peers, { key, signal: deadline }, (inspection) =>
    inspection.read(NodeSection, { signal: deadline }),
  );
  return entries.map((entry) => {
    const look = looks.get(entry.peer);
    const uptime = look?.ok ? { uptimeMs: look.value.now - look.value.startedAt } : {};
    return { ...rowOf(entry), ...connectionOf(node, entry.peer), ...uptime };
  });
}

function passes(
  { tags, offers, at }: PeerEntry,
  { withTag = [], stream, group, stale }: PeerFilter,
): boolean {
  const groups = [...(offers.get("group.member") ?? [])];
  return (
    withTag.every((tag) => tags.has(tag)) &&
    (stream === undefined || offers.get("stream.producer")?.has(streamId(stream)) === true) &&
    (group === undefined || groups.some((id) => id.startsWith(group.replace(/…$/, "")))) &&
    (stale === undefined || Date.now() - at > staleMs)
  );
}

function rowOf({ peer, tags, addresses, offers, at }: PeerEntry): PeerRow {
  return {
    peer,
    tags: [...tags].sort(),
    addresses,
    produces: offers.get("stream.producer")?.size ?? 0,
    groups: offers.get("group.member")?.size ?? 0,
    signedAt: at,
  };
}

function connectionOf(node: Observer, peer: PeerId): Pick<PeerRow, "rttMs" | "path"> {
  const connection = node.connections.value.get(peer);
  if (connection === undefined) return {};
  const { address, rttMs } = connection;
  return { rttMs, path: address.includes("/p2p-circuit") ? "relay" : "direct" };
}
