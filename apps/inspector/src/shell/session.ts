import { type Discovery, discovery, type PeerEntry } from "@mosaik/discovery";
import {
  createNetwork,
  type DiagnosticsService,
  DialsSection,
  diagnostics,
  type Inspection,
  type NetworkHandle,
  parseInvite,
} from "@mosaik/transport";
import { libp2pTransport } from "@mosaik/transport/libp2p";
import type { Entry } from "../model/fact.ts";
import { inspectorTag } from "../model/identity.ts";
import { followCatalog } from "./follow-catalog.ts";
import { Inspections } from "./inspections.ts";
import type { Intake } from "./intake.ts";
import { mixedContent, type Progress, troubleOf } from "./steps.ts";

type Joined = NetworkHandle & {
  readonly discovery: Discovery;
  readonly diagnostics: DiagnosticsService;
};

/** A network that this page is a peer of. */
export interface Session {
  readonly network: string;
  /** The inspection of a peer, where it is open. */
  inspectionOf(peer: string): Inspection | undefined;
  /** Says goodbye. Idempotent. */
  close(): Promise<void>;
}

/**
 * Joins a network as a peer that watches, and feeds what it sees to the intake. Tells how far it has
 * come; a seed that does not answer is tried for ever, until the session is closed.
 *
 * @throws TransportError with `NETWORK_BAD_INVITE`.
 */
export async function openSession(
  text: string,
  intake: Intake,
  tell: (progress: Progress) => void,
): Promise<Session> {
  const step = (number: number): void => tell({ step: number, trouble: undefined, final: false });
  step(0);
  const invite = parseInvite(text);
  if (isRefusedHere(invite.seeds)) {
    tell({ step: 2, trouble: mixedContent, final: true });
    throw new Error(mixedContent);
  }
  step(1);
  const node = await createNetwork({
    network: invite.network,
    seeds: [text.trim()],
    tags: [inspectorTag],
    transport: libp2pTransport(),
    services: { discovery: discovery(), diagnostics: diagnostics() },
  });
  intake.push({ kind: "began", network: invite.network, me: node.peer });
  const inspections = new Inspections(node.diagnostics, intake, invite.writeKey !== undefined);
  follow(node, intake, inspections, tell);
  return {
    network: invite.network,
    inspectionOf: (peer) => inspections.of(peer),
    async close() {
      inspections.close();
      await node.close();
    },
  };
}

/** Follows what the node of this page knows of itself and of the others. */
function follow(
  node: Joined,
  intake: Intake,
  inspections: Inspections,
  tell: (progress: Progress) => void,
): void {
  let isIn = false;
  const enter = (peer: PeerEntry): void =>
    intake.push({ kind: "entry", peer: peer.peer, entry: entryOf(peer) });
  const review = (): void => {
    const { peers, me } = node.discovery.catalog.value;
    inspections.follow([...peers.keys(), me.peer]);
    if (peers.size > 0) isIn = true;
    if (isIn) tell({ step: 5, trouble: undefined, final: false });
    else if (node.connections.value.size > 0) tell({ step: 4, trouble: undefined, final: false });
  };
  const reach = (): void => {
    intake.push({ kind: "reach", connections: node.connections.value.size });
    review();
  };
  tell({ step: 2, trouble: undefined, final: false });
  void followCatalog(node, intake, enter);
  void followDials(node, (progress) => {
    if (!isIn && node.connections.value.size === 0) tell(progress);
  });
  node.connections.subscribe(reach);
  node.discovery.catalog.subscribe(review);
  reach();
}

/** Tells why the newest attempt to reach anybody failed. */
async function followDials(node: Joined, tell: (progress: Progress) => void): Promise<void> {
  const own = await node.diagnostics.inspect(node.peer).catch(() => undefined);
  if (own === undefined) return; // closed before it began
  try {
    for await (const dials of own.follow(DialsSection, { everyMs: 250 })) {
      const attempts = Object.values(dials).flat();
      const newest = attempts.reduce(
        (best, attempt) => (best === undefined || attempt.at >= best.at ? attempt : best),
        attempts[0],
      );
      if (newest !== undefined && !newest.ok) tell(troubleOf(newest));
    }
  } catch {
    // the node was closed: there is nothing more to tell
  }
}

function entryOf({ tags, addresses, offers, at }: PeerEntry): Entry {
  return {
    tags: [...tags],
    addresses: [...addresses],
    offers: Object.fromEntries([...offers].map(([kind, ids]) => [kind, [...ids]])),
    signedAt: at,
  };
}

/** Whether a page of https can dial none of some seeds. */
function isRefusedHere(seeds: readonly string[]): boolean {
  if (location.protocol !== "https:") return false;
  const isLocal = /^\/(ip4\/127\.|ip6\/::1\/|dns[46]?\/localhost\/)/;
  return seeds.every((seed) => !/\/(wss|tls\/ws)\b/.test(seed) && !isLocal.test(seed));
}
