import { type PeerId, RateLimit, type Timer } from "@mosaik/primitives";
import type { ServiceContext } from "@mosaik/transport";
import { gossipLimits } from "../config.ts";
import { Broadcast, type BroadcastEffect } from "../core/broadcast.ts";
import { compareVersions, decodeEntryIds, type EntryId, encodeEntryIds } from "../core/entry-id.ts";
import type { EntryVersion } from "../discovery.ts";
import { discoveryMetrics } from "../metrics.ts";
import type { GossipMessage } from "../wire.ts";
import type { Directory } from "./directory.ts";
import { Neighbours } from "./neighbours.ts";

/** What gossip tells the rest of the service. */
export interface GossipListener {
  /** A peer became a neighbour; `isFirst` where there was none, `ours` where we asked. */
  neighbourUp(peer: PeerId, how: { readonly isFirst: boolean; readonly ours: boolean }): void;
  /** A neighbour could not reach a peer that was at a version. */
  suspected(id: EntryId): void;
  /** A neighbour has an entry of a peer that we took for gone. */
  contested(peer: PeerId): void;
}

/** Spreads entries among the neighbours. */
export class Gossip {
  readonly neighbours: Neighbours;
  readonly #context: ServiceContext;
  readonly #directory: Directory;
  readonly #listener: GossipListener;
  readonly #broadcast = new Broadcast();
  readonly #limits = new Map<PeerId, RateLimit>();
  #timer: Timer | undefined;
  #timerAtMs = Number.POSITIVE_INFINITY;
  #closed = false;

  constructor(context: ServiceContext, directory: Directory, listener: GossipListener) {
    this.#context = context;
    this.#directory = directory;
    this.#listener = listener;
    this.neighbours = new Neighbours(context, () => directory.catalog.peers.keys(), {
      up: (peer, ours) => this.#up(peer, ours),
      down: (peer) => this.#down(peer),
      message: (peer, message) => this.#receive(peer, message),
    });
  }

  /** Announces the local entry, with a new signature where it is wanted. */
  announce(options: { readonly anew: boolean }): void {
    this.#directory.sign(options);
    this.#context.meter.counter(discoveryMetrics.announcements).add();
    this.#perform(this.#broadcast.published(this.#directory.ownId, this.#now()));
  }

  /** Says goodbye to all neighbours. */
  depart(): void {
    const { bytes } = this.#directory.signGoodbye();
    for (const to of this.neighbours.all) this.neighbours.send(to, { kind: "entry", entry: bytes });
  }

  /** Passes on that an entry came by another way than gossip. */
  learned(id: EntryId, from: PeerId): void {
    this.#broadcast.learned(id, from, this.#now());
    this.#arm();
  }

  /** Tells the neighbours that a peer could not be reached. */
  suspect(peer: PeerId, version: EntryVersion): void {
    const ids = encodeEntryIds([{ peer, version }]);
    for (const to of this.neighbours.all) {
      if (to !== peer) this.neighbours.send(to, { kind: "suspect", ids });
    }
  }

  /** Ends it, once what was sent has gone. */
  close(): void {
    this.#closed = true;
    this.#timer?.cancel();
    this.neighbours.close();
  }

  #up(peer: PeerId, ours: boolean): void {
    const { perSecond, burst } = {
      perSecond: gossipLimits.messagesPerSecond,
      burst: gossipLimits.messagesBurst,
    };
    this.#limits.set(peer, new RateLimit({ perSecond, burst, nowMs: this.#now() }));
    this.#broadcast.neighbourUp(peer);
    this.#countNeighbours();
    const isFirst = this.neighbours.all.length === 1;
    this.#context.log.debug("a peer became a neighbour", { peer, ours });
    this.#listener.neighbourUp(peer, { isFirst, ours });
  }

  #down(peer: PeerId): void {
    this.#limits.delete(peer);
    this.#countNeighbours();
    this.#broadcast.neighbourDown(peer);
  }

  #countNeighbours(): void {
    const { meter } = this.#context;
    meter.gauge(discoveryMetrics.neighbours).set(this.neighbours.all.length);
  }

  #receive(from: PeerId, message: GossipMessage): void {
    if (this.#limits.get(from)?.take(this.#now()) !== true) {
      this.#context.meter.counter(discoveryMetrics.gossipDropped).add();
      return; // the catalog sync brings what it said, if it was true
    }
    switch (message.kind) {
      case "entry":
        return this.#take(from, message.entry);
      case "have":
        return this.#lacking(from, decodeEntryIds(message.ids));
      case "graft":
        return this.#perform(this.#broadcast.grafted(decodeEntryIds(message.ids), from));
      case "prune":
        return this.#broadcast.pruned(from);
      case "suspect":
        for (const id of decodeEntryIds(message.ids)) this.#listener.suspected(id);
    }
  }

  #take(from: PeerId, entry: Uint8Array): void {
    const [ingested] = this.#directory.ingest([entry], from);
    if (ingested === undefined) return;
    const { id, outcome } = ingested;
    if (outcome === "forged") this.neighbours.ban(from, "forged");
    else if (outcome === "contested" && id !== undefined) this.#listener.contested(id.peer);
    else if ((outcome === "new" || outcome === "duplicate") && id !== undefined) {
      this.#perform(this.#broadcast.received(id, from, outcome, this.#now()));
    }
  }

  #lacking(from: PeerId, ids: readonly EntryId[]): void {
    const [unknown, older]: [EntryId[], EntryId[]] = [[], []];
    for (const id of ids) {
      const known = this.#directory.versionOf(id.peer);
      if (known === undefined) unknown.push(id);
      else if (compareVersions(known, id.version) < 0) older.push(id);
    }
    this.#broadcast.lacking(unknown, from, true, this.#now());
    this.#broadcast.lacking(older, from, false, this.#now());
    this.#arm();
  }

  #perform(effects: readonly BroadcastEffect[]): void {
    for (const effect of effects) {
      if (effect.kind === "push") this.#push(effect.to, effect.peer);
      else if (effect.kind === "prune") this.neighbours.send(effect.to, { kind: "prune" });
      else {
        const ids = encodeEntryIds(effect.ids);
        this.neighbours.send(effect.to, { kind: effect.kind, ids });
      }
    }
    this.#arm();
  }

  #push(to: PeerId, peer: PeerId): void {
    const entry = this.#directory.bytesOf(peer);
    const version = this.#directory.versionOf(peer);
    if (entry === undefined || version === undefined) return;
    if (this.neighbours.hasRoom(to)) this.neighbours.send(to, { kind: "entry", entry });
    else this.#broadcast.defer(to, { peer, version }, this.#now());
  }

  /** Sees to it that the broadcast is looked after when it is due. */
  #arm(): void {
    const dueAtMs = this.#broadcast.dueAtMs ?? Number.POSITIVE_INFINITY;
    if (this.#closed || dueAtMs >= this.#timerAtMs) return;
    this.#timer?.cancel();
    this.#timerAtMs = dueAtMs;
    this.#timer = this.#context.clock.after(Math.max(0, dueAtMs - this.#now()), () => {
      this.#timerAtMs = Number.POSITIVE_INFINITY;
      this.#perform(this.#broadcast.tick(this.#now(), (peer) => this.neighbours.hasRoom(peer)));
    });
  }

  #now(): number {
    return this.#context.clock.monotonic();
  }
}
