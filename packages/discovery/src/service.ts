import {
  Cleanup,
  type Condition,
  condition,
  EventStream,
  fail,
  invariant,
  type PeerId,
  type Result,
} from "@mosaik/primitives";
import type { ServiceContext, ServiceFactory } from "@mosaik/transport";
import {
  checkLimits,
  type DiscoveryOptions,
  discoveryDefaults,
  sweepIntervalMs,
} from "./config.ts";
import { hasPeers } from "./core/has-peers.ts";
import { CatalogEntrySection, CatalogSection } from "./diagnostics.ts";
import type { Discovery, DiscoveryEvent, EntryVersion, PeerEntry, PeerInfo } from "./discovery.ts";
import { DiscoveryError, entryRefused } from "./errors.ts";
import { discoveryMetrics } from "./metrics.ts";
import { Announcer } from "./shell/announcer.ts";
import { Bootstrap } from "./shell/bootstrap.ts";
import { CatalogSync } from "./shell/catalog-sync.ts";
import { type CheckCause, Checks } from "./shell/checks.ts";
import { depart } from "./shell/depart.ts";
import { describeCatalog, describeEntry } from "./shell/describe-catalog.ts";
import { Directory, type Ingested } from "./shell/directory.ts";
import { every } from "./shell/every.ts";
import { Gossip } from "./shell/gossip.ts";
import { once } from "./shell/once.ts";
import { version } from "./version.ts";

/**
 * The discovery service: finds the peers of the network and keeps a catalog of what they say of
 * themselves.
 *
 * @throws `RangeError` where an option is not a number above 0.
 * @example
 * ```ts
 * import { discovery } from "@mosaik/discovery";
 * import { systemClock, systemRandom } from "@mosaik/primitives/system";
 * import { createNetwork } from "@mosaik/transport";
 * import { createMemoryNetwork } from "@mosaik/transport/memory";
 *
 * await using network = await createNetwork({
 *   network: "example",
 *   tags: ["hub"],
 *   transport: createMemoryNetwork({ clock: systemClock, random: systemRandom }).transport(),
 *   services: { discovery: discovery() },
 * });
 * console.log([...network.discovery.catalog.value.me.tags]); // [ 'hub' ]
 * ```
 */
export function discovery(options: DiscoveryOptions = {}): ServiceFactory<Discovery> {
  const complete = { ...discoveryDefaults, ...options };
  for (const [name, value] of Object.entries(complete)) {
    if (!(Number.isFinite(value) && value > 0)) {
      throw new RangeError(`${name} must be a number above 0, not ${value}`);
    }
  }
  const origin = { name: "@mosaik/discovery", version };
  return {
    package: origin,
    needs: [],
    create: (context) => new RunningDiscovery(context, complete),
  };
}

class RunningDiscovery implements Discovery {
  readonly when: Discovery["when"];
  readonly #context: ServiceContext;
  readonly #options: Required<DiscoveryOptions>;
  readonly #directory: Directory;
  readonly #gossip: Gossip;
  readonly #sync: CatalogSync;
  readonly #announcer: Announcer;
  readonly #checks: Checks;
  readonly #streams = new Set<EventStream<DiscoveryEvent>>();
  readonly #cleanup = new Cleanup();

  constructor(context: ServiceContext, options: Required<DiscoveryOptions>) {
    this.#context = context;
    this.#options = options;
    this.when = { discovered: (wanted) => this.#whenDiscovered(wanted) };
    this.#directory = new Directory(context, options, {
      changed: () => this.#announcer.changed(),
      outdone: () => this.#announcer.outdone(),
      event: (event) => this.#report(event),
    });
    this.#announcer = new Announcer({
      clock: context.clock,
      random: context.random,
      intervalMs: options.announceIntervalMs,
      announce: (how) => this.#gossip.announce(how),
    });
    this.#checks = this.#createChecks();
    this.#sync = this.#createSync();
    this.#gossip = this.#createGossip();
    const bootstrap = new Bootstrap(context, {
      reached: (peer) => this.#sync.want(peer),
      isKnown: (peer) => this.#directory.catalog.peers.has(peer),
      areKnown: (addresses) => this.#directory.areKnown(addresses),
    });
    this.#follow();
    context.diagnostics.describe(CatalogEntrySection, ({ peer }) =>
      describeEntry(this.#directory, peer as PeerId, context.ed25519),
    );
    context.diagnostics.describe(CatalogSection, (page) =>
      describeCatalog(this.#directory, this.#gossip.neighbours.all, page),
    );
    this.#cleanup.add(() => this.#directory.close());
    this.#cleanup.add(() => {
      for (const stream of [...this.#streams]) stream.end();
    });
    this.#cleanup.add(() => this.#gossip.close());
    this.#cleanup.add(() => this.#sync.close());
    this.#cleanup.add(() => this.#checks.close());
    this.#cleanup.add(() => depart(context, this.#gossip, this.#sync));
    this.#cleanup.add(() => this.#announcer.close());
    this.#cleanup.add(() => bootstrap.close());
  }

  get catalog(): Discovery["catalog"] {
    return this.#directory.watch;
  }

  get signedEntry(): Uint8Array {
    return this.#directory.own;
  }

  info(peer: PeerId): PeerInfo | undefined {
    const entry = this.#directory.catalog.peers.get(peer);
    if (entry === undefined) return undefined;
    return { ...entry, rttMs: this.#context.connections.value.get(peer)?.rttMs };
  }

  events(options: { readonly signal?: AbortSignal } = {}): AsyncIterable<DiscoveryEvent> {
    const events = new EventStream<DiscoveryEvent>({
      backlogMax: this.#options.eventBacklogMax,
      lagged: (missed) => ({ kind: "lagged", missed }),
      onEnd: (stream) => this.#streams.delete(stream),
      signal: options.signal,
    });
    if (this.#cleanup.closed) events.end();
    if (!events.ended) this.#streams.add(events);
    return events;
  }

  offer(kind: string, id: Parameters<Discovery["offer"]>[1]): Disposable {
    this.#directory.change((own) => own.addOffer(kind, id));
    return once(() => this.#directory.change((own) => own.removeOffer(kind, id)));
  }

  addTags(...tags: readonly string[]): void {
    this.#directory.change((own) => own.addTags(tags));
  }

  removeTags(...tags: readonly string[]): void {
    this.#directory.change((own) => own.removeTags(tags));
  }

  addTicket(ticket: string): Disposable {
    this.#directory.change((own) => own.addTicket(ticket));
    return once(() => this.#directory.change((own) => own.removeTicket(ticket)));
  }

  feed(signedEntry: Uint8Array): Result<PeerEntry, DiscoveryError> {
    const source = this.#context.peer;
    const [ingested] = this.#directory.ingest([signedEntry], source);
    invariant(ingested !== undefined, "an entry that is ingested has an outcome");
    this.#ingested(ingested, source);
    const { result } = ingested;
    if (result.ok) return result;
    return fail(entryRefused(result.error));
  }

  async sync(peer: PeerId, options: { readonly signal?: AbortSignal } = {}): Promise<void> {
    const { signal } = options;
    signal?.throwIfAborted();
    if (this.#cleanup.closed) {
      throw new DiscoveryError("DISCOVERY_SYNC_FAILED", "discovery was closed");
    }
    const aborted = Promise.withResolvers<never>();
    const abort = (): void => aborted.reject(signal?.reason);
    signal?.addEventListener("abort", abort, { once: true });
    try {
      await Promise.race([this.#sync.sync(peer), aborted.promise]);
    } finally {
      signal?.removeEventListener("abort", abort);
    }
  }

  close(): Promise<void> {
    return this.#cleanup.close();
  }

  #createSync(): CatalogSync {
    return new CatalogSync(this.#context, this.#options, this.#directory, {
      ingested: (ingested, from) => this.#ingested(ingested, from),
      forged: (from) => this.#gossip.neighbours.ban(from, "forged"),
      synced: () => this.#gossip.neighbours.fill(),
      isBanned: (peer) => this.#gossip.neighbours.isBanned(peer),
    });
  }

  #createGossip(): Gossip {
    return new Gossip(this.#context, this.#directory, {
      neighbourUp: (peer, { isFirst, ours }) => {
        if (isFirst) this.#announcer.announce();
        if (ours) this.#sync.want(peer);
      },
      suspected: ({ peer, version }) => {
        if (peer === this.#context.peer) this.#directory.refute(version);
        else if (this.#directory.catalog.peers.has(peer)) this.#checks.check(peer, "hinted");
      },
      contested: (peer) => this.#checks.check(peer, "contested"),
    });
  }

  #createChecks(): Checks {
    return new Checks({
      clock: this.#context.clock,
      random: this.#context.random,
      versionOf: (peer) => this.#directory.versionOf(peer),
      reach: (peer, suspected) => this.#sync.reach(peer, suspected),
      reached: (peer) => this.#directory.revive(peer),
      failed: (peer, version, cause) => this.#unreachable(peer, version, cause),
    });
  }

  /** Follows what happens around the service. */
  #follow(): void {
    const { addresses, connections } = this.#context;
    let connected = connections.value;
    const subscriptions = [
      connections.subscribe((now) => {
        const before = connected;
        connected = now;
        // Whoever is newly connected lives, whatever was made of its silence.
        for (const peer of now.keys()) if (!before.has(peer)) this.#directory.revive(peer);
      }),
      addresses.subscribe((now) => this.#directory.change((own) => own.setAddresses(now))),
      this.#context.onDisconnect((peer, { by, name }) => {
        const wasMeant = name === "idle" || (by === "local" && name !== "timeout");
        if (!wasMeant && this.#directory.catalog.peers.has(peer)) this.#checks.check(peer, "lost");
      }),
    ];
    this.#cleanup.add(() => {
      for (const subscription of subscriptions) subscription[Symbol.dispose]();
    });
    const { clock } = this.#context;
    const revive = (): void => {
      this.#checks.checkAny(this.#directory.unreachable(), "contested");
    };
    this.#cleanup.add(every(clock, sweepIntervalMs, () => this.#sweep()));
    this.#cleanup.add(every(clock, checkLimits.reviveIntervalMs, revive));
  }

  #sweep(): void {
    this.#directory.sweep();
    const silentMs = checkLimits.silentIntervals * this.#options.announceIntervalMs;
    for (const peer of this.#directory.silentFor(silentMs)) this.#checks.check(peer, "silent");
  }

  #ingested({ id, outcome }: Ingested, from: PeerId): void {
    if (id === undefined) return;
    if (outcome === "new") this.#gossip.learned(id, from);
    else if (outcome === "contested") this.#checks.check(id.peer, "contested");
  }

  #unreachable(peer: PeerId, version: EntryVersion, cause: CheckCause): void {
    if (!this.#directory.lose(peer, version)) return;
    this.#context.log.info("a peer cannot be reached any more", { peer, cause });
    if (cause === "lost" || cause === "hinted") this.#gossip.suspect(peer, version);
  }

  #report(event: DiscoveryEvent): void {
    this.#note(event);
    if (event.kind === "discovered") this.#gossip.neighbours.forgive(event.entry.peer);
    for (const stream of [...this.#streams]) stream.push(event);
  }

  #note(event: DiscoveryEvent): void {
    if (event.kind === "lagged") return;
    const facts = event.kind === "departed" ? { reason: event.reason } : {};
    const { meter } = this.#context;
    if (event.kind === "discovered") meter.counter(discoveryMetrics.discovered).add();
    if (event.kind === "departed") meter.counter(discoveryMetrics.departed, event.reason).add();
    this.#context.diagnostics.note(`peer.${event.kind}`, { peer: event.entry.peer, ...facts });
  }

  #whenDiscovered(wanted: Parameters<Discovery["when"]["discovered"]>[0] = {}): Condition {
    const { signal } = wanted;
    return condition(this.catalog, (catalog) => hasPeers(catalog, wanted), { signal });
  }
}
