import type { Discovery, PeerEntry } from "@mosaik/discovery";
import type { PeerId } from "@mosaik/primitives";
import type { NetworkHandle } from "@mosaik/transport";
import type { Intake } from "./intake.ts";

/**
 * Who cannot be reached is shown for so long, ms: it may be this page that is cut off, and its own
 * connections do not all end at the same moment.
 */
const heldMs = 3_000;
const lookMs = 500;

type Node = Pick<NetworkHandle, "connections"> & { readonly discovery: Discovery };

/**
 * Follows who is in the network until the node is closed. Whoever says goodbye has left; who is out of
 * reach or unheard of has left once this page has had connections again for a while.
 */
export async function followCatalog(
  node: Node,
  intake: Pick<Intake, "push">,
  enter: (entry: PeerEntry) => void,
): Promise<void> {
  const events = node.discovery.events();
  const known = new Set<PeerId>();
  const missing = new Missing(node, (peer, reason) => intake.push({ kind: "left", peer, reason }));
  const readAll = (): void => {
    const { peers, me } = node.discovery.catalog.value;
    for (const entry of [me, ...peers.values()]) enter(entry);
    for (const peer of known) if (!peers.has(peer)) missing.add(peer, "unnoticed");
    known.clear();
    for (const peer of peers.keys()) known.add(peer);
  };
  readAll();
  for await (const event of events) {
    if (event.kind === "lagged") readAll();
    else if (event.kind === "departed") {
      const { entry, reason } = event;
      known.delete(entry.peer);
      if (reason === "goodbye") intake.push({ kind: "left", peer: entry.peer, reason });
      else missing.add(entry.peer, reason);
    } else {
      known.add(event.entry.peer);
      missing.delete(event.entry.peer);
      enter(event.entry);
    }
  }
  missing.clear();
}

/** Peers that are out of reach, and may be back at once. */
class Missing {
  readonly #node: Node;
  readonly #left: (peer: PeerId, reason: string) => void;
  readonly #peers = new Map<PeerId, { readonly reason: string; readonly since: number }>();
  #timer: ReturnType<typeof setInterval> | undefined;
  #aloneAt = Number.NEGATIVE_INFINITY;

  constructor(node: Node, left: (peer: PeerId, reason: string) => void) {
    this.#node = node;
    this.#left = left;
  }

  add(peer: PeerId, reason: string): void {
    this.#peers.set(peer, { reason, since: performance.now() });
    this.#timer ??= setInterval(() => this.#look(), lookMs);
  }

  delete(peer: PeerId): void {
    this.#peers.delete(peer);
  }

  clear(): void {
    this.#peers.clear();
    clearInterval(this.#timer);
  }

  #look(): void {
    const now = performance.now();
    if (this.#node.connections.value.size === 0) this.#aloneAt = now;
    if (now - this.#aloneAt < heldMs) return;
    for (const [peer, { reason, since }] of this.#peers) {
      if (now - since < heldMs) continue;
      this.#peers.delete(peer);
      this.#left(peer, reason);
    }
    if (this.#peers.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}
