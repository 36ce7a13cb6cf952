import { jitter, type PeerId, sample, type Timer } from "@mosaik/primitives";
import type { CloseReason, Link, ServiceContext } from "@mosaik/transport";
import { syncLimits } from "../config.ts";
import { backoffMs } from "../core/backoff.ts";
import { SyncSession } from "../core/sync-session.ts";
import type { EntryVersion } from "../discovery.ts";
import { DiscoveryError } from "../errors.ts";
import { discoveryMetrics } from "../metrics.ts";
import { type SyncMessage, SyncProtocol } from "../wire.ts";
import type { Directory, Ingested } from "./directory.ts";

type SyncLink = Link<SyncMessage, typeof SyncProtocol.reasons>;

/** What the sync tells the rest of the service. */
export interface CatalogSyncListener {
  /** An entry came from a peer. */
  ingested(ingested: Ingested, from: PeerId): void;
  /** A peer sent an entry whose signature is wrong. */
  forged(from: PeerId): void;
  /** An exchange is complete. */
  synced(): void;
  isBanned(peer: PeerId): boolean;
}

/** A session of ours that is under way. */
interface Exchange {
  /** Settles when the other end has answered. */
  readonly answered: Promise<void>;
  /** Settles when the exchange is complete. */
  readonly complete: Promise<void>;
}

interface Conversation {
  readonly role: "opener" | "responder";
  readonly suspected?: EntryVersion | undefined;
  readonly onAnswered: () => void;
  readonly onEnd: (outcome: "complete" | CloseReason) => void;
}

/**
 * Exchanges the differences of catalogs: with whom we are told to, and now and then with a random
 * peer. Each session has its own deadline and waits for no other.
 */
export class CatalogSync {
  readonly #context: ServiceContext;
  readonly #directory: Directory;
  readonly #listener: CatalogSyncListener;
  readonly #idsMax: number;
  readonly #exchanges = new Map<PeerId, Exchange>();
  readonly #inbound = new Set<SyncLink>();
  /** Peers to sync with as soon as there is a turn, and how often that failed. */
  readonly #wanted = new Map<PeerId, number>();
  readonly #timers = new Set<Timer>();
  readonly #served: Disposable;
  #running = 0;
  #closed = false;

  constructor(
    context: ServiceContext,
    options: { readonly syncIntervalMs: number; readonly catalogPeersMax: number },
    directory: Directory,
    listener: CatalogSyncListener,
  ) {
    this.#context = context;
    this.#directory = directory;
    this.#listener = listener;
    this.#idsMax = 2 * options.catalogPeersMax + 1;
    this.#served = context.serve(SyncProtocol, (link) => this.#accept(link));
    this.#repeat(options.syncIntervalMs);
  }

  /** Syncs with a peer when there is a turn, and again where that fails. */
  want(peer: PeerId): void {
    if (this.#wanted.size >= syncLimits.waitingMax || this.#wanted.has(peer)) return;
    this.#wanted.set(peer, 0);
    this.#takeTurns();
  }

  /**
   * Syncs with a peer now, or joins the session that is under way.
   *
   * @throws DiscoveryError with `DISCOVERY_SYNC_FAILED`.
   */
  sync(peer: PeerId): Promise<void> {
    return this.#exchange(peer).complete;
  }

  /** Whether a peer answers, which is told if it is suspected to be gone as of a version. */
  async reach(peer: PeerId, suspected: EntryVersion | undefined): Promise<boolean> {
    try {
      await this.#exchange(peer, suspected).answered;
      return true;
    } catch {
      return false;
    }
  }

  /**
   * Gives a peer the local entry as it is now, whatever session is under way; settles when it answers.
   *
   * @throws DiscoveryError with `DISCOVERY_SYNC_FAILED`.
   */
  tell(peer: PeerId, withinMs: number): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#run(peer, { withinMs, onAnswered: resolve }).then(resolve, reject);
    });
  }

  /** Ends all sessions. */
  close(): void {
    this.#closed = true;
    this.#served[Symbol.dispose]();
    for (const timer of this.#timers) timer.cancel();
    for (const link of [...this.#inbound]) link.close("going-away");
    this.#wanted.clear();
  }

  #exchange(peer: PeerId, suspected?: EntryVersion): Exchange {
    const underWay = this.#exchanges.get(peer);
    if (underWay !== undefined) return underWay;
    const answered = Promise.withResolvers<void>();
    const onAnswered = answered.resolve;
    const complete = this.#run(peer, { suspected, onAnswered }).finally(() => {
      this.#exchanges.delete(peer);
    });
    complete.then(answered.resolve, answered.reject);
    answered.promise.catch(() => {}); // whoever waits sees it; nobody may be waiting
    const exchange = { answered: answered.promise, complete };
    this.#exchanges.set(peer, exchange);
    return exchange;
  }

  async #run(
    peer: PeerId,
    init: Pick<Conversation, "suspected" | "onAnswered"> & { readonly withinMs?: number },
  ): Promise<void> {
    const { withinMs = syncLimits.deadlineMs, ...conversation } = init;
    const deadline = new AbortController();
    const timer = this.#after(withinMs, () =>
      deadline.abort(new DiscoveryError("DISCOVERY_SYNC_FAILED", "it took too long")),
    );
    let outcome: "complete" | CloseReason;
    try {
      const { signal } = deadline;
      const link = await this.#context.open(SyncProtocol, peer, { signal });
      outcome = await new Promise((resolve) => {
        signal.addEventListener("abort", () => link.close("timeout"), { once: true });
        this.#converse(link, { ...conversation, role: "opener", onEnd: resolve });
      });
    } catch (cause) {
      throw failed(peer, { cause });
    } finally {
      this.#cancel(timer);
    }
    if (outcome !== "complete") throw failed(peer, { reason: outcome });
    this.#listener.synced();
  }

  #accept(link: SyncLink): void {
    if (this.#closed) return link.close("going-away");
    if (this.#listener.isBanned(link.peer)) return link.close("banned");
    if (this.#inbound.size >= syncLimits.inboundMax) return link.close("overloaded");
    for (const other of this.#inbound) if (other.peer === link.peer) other.close("overloaded");
    this.#inbound.add(link);
    const timer = this.#after(syncLimits.deadlineMs, () => link.close("timeout"));
    this.#converse(link, {
      role: "responder",
      onAnswered: () => {},
      onEnd: (outcome) => {
        this.#cancel(timer);
        this.#inbound.delete(link);
        if (outcome === "complete") this.#listener.synced();
      },
    });
  }

  #converse(link: SyncLink, { role, suspected, onAnswered, onEnd }: Conversation): void {
    const session = new SyncSession(this.#directory, { role, idsMax: this.#idsMax, suspected });
    const sendOn = (): void => {
      while (!link.full && !link.closed) {
        const message = session.next();
        if (message === undefined) break;
        link.send(message);
      }
      if (session.done && role === "opener") link.close("done");
    };
    link.listen({
      message: (message) => {
        const { entries, refuse, suspected } = session.receive(message);
        if (refuse !== undefined) return link.close("protocol-violation", refuse);
        if (suspected !== undefined) this.#directory.refute(suspected);
        if (!this.#ingest(entries, link)) return link.close("forged");
        if (message.kind === "hello") onAnswered();
        sendOn();
      },
      drained: sendOn,
      closed: (reason) => onEnd(session.done ? "complete" : reason),
    });
    sendOn();
  }

  /** Merges entries; `false` where one was forged. */
  #ingest(entries: readonly Uint8Array[], link: SyncLink): boolean {
    let isHonest = true;
    for (const ingested of this.#directory.ingest(entries, link.peer)) {
      if (ingested.outcome === "forged") isHonest = false;
      else this.#listener.ingested(ingested, link.peer);
    }
    if (!isHonest) this.#listener.forged(link.peer);
    return isHonest;
  }

  #takeTurns(): void {
    for (const [peer, failures] of this.#wanted) {
      if (this.#running >= syncLimits.outboundMax || this.#closed) return;
      this.#wanted.delete(peer);
      this.#running += 1;
      this.sync(peer).then(
        () => {
          this.#context.meter.counter(discoveryMetrics.syncs, "ok").add();
          this.#tookTurn();
        },
        (error: unknown) => {
          this.#context.meter.counter(discoveryMetrics.syncs, "failed").add();
          this.#context.log.debug("a catalog sync failed", { peer, error });
          this.#tookTurn();
          this.#retry(peer, failures + 1);
        },
      );
    }
  }

  #tookTurn(): void {
    this.#running -= 1;
    this.#takeTurns();
  }

  #retry(peer: PeerId, failures: number): void {
    if (failures >= syncLimits.attemptsMax || this.#closed) return;
    const limits = { firstMs: syncLimits.retryMs, maxMs: syncLimits.retryMaxMs };
    this.#after(backoffMs(failures, limits, this.#context.random), () => {
      if (!this.#directory.catalog.peers.has(peer) || this.#wanted.has(peer)) return;
      this.#wanted.set(peer, failures);
      this.#takeTurns();
    });
  }

  #repeat(intervalMs: number): void {
    this.#after(jitter(this.#context.random, intervalMs, 0.5), () => {
      const peers = [...this.#directory.catalog.peers.keys()];
      for (const peer of sample(this.#context.random, peers, 1)) this.want(peer);
      this.#repeat(intervalMs);
    });
  }

  #after(ms: number, run: () => void): Timer {
    const timer = this.#context.clock.after(ms, () => {
      this.#timers.delete(timer);
      run();
    });
    this.#timers.add(timer);
    return timer;
  }

  #cancel(timer: Timer): void {
    timer.cancel();
    this.#timers.delete(timer);
  }
}

function failed(
  peer: PeerId,
  why: { readonly cause?: unknown; readonly reason?: CloseReason },
): DiscoveryError {
  const ending = why.reason === undefined ? "" : `: ${why.reason.name} ${why.reason.text}`;
  return new DiscoveryError("DISCOVERY_SYNC_FAILED", `the catalog sync failed${ending}`, {
    retryable: true,
    cause: why.cause,
    data: { peer, ...(why.reason === undefined ? {} : { reason: why.reason }) },
  });
}
