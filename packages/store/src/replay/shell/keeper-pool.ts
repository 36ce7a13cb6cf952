import type { PeerId } from "@mosaik/primitives";
import type { PeerPredicate, StreamIdentity } from "@mosaik/streams";
import { keeperRetryMs } from "../config.ts";
import { Known } from "../core/known.ts";
import type { ReplayEnvironment } from "./environment.ts";
import { KeeperLink, type Request } from "./keeper-link.ts";

/** What a pool of keepers is made of. */
export interface KeeperPoolInit {
  readonly environment: ReplayEnvironment;
  readonly definition: StreamIdentity;
  readonly through: PeerPredicate;
  /** Whether this node's own history is among those that are asked. */
  readonly own: boolean;
  readonly windowBytes: number;
  /** Keepers are asked from where on items are not older than that. */
  readonly since: number | undefined;
  /** What is known of what keepers have has changed. */
  readonly onChange: () => void;
}

/** The keepers of a stream: which there are, what they have, and links to those that are asked. */
export class KeeperPool {
  readonly known = new Known();
  readonly #init: KeeperPoolInit;
  readonly #links = new Map<PeerId, KeeperLink>();
  readonly #failures = new Map<PeerId, { count: number; retryAt: number }>();
  #closed = false;

  constructor(init: KeeperPoolInit) {
    this.#init = init;
  }

  /** The catalog may have changed. Returns whether there are keepers that were not there before. */
  review(): boolean {
    const { environment, definition, through, own } = this.#init;
    const { discovery, context } = environment;
    const catalog = discovery.catalog.value;
    const keepers = new Set<PeerId>();
    for (const { peer } of catalog.offering("stream.keeper", definition.id)) {
      const info = discovery.info(peer);
      if (info !== undefined && through(info)) keepers.add(peer);
    }
    if (own && catalog.me.offers.get("stream.keeper")?.has(definition.id)) {
      keepers.add(context.peer);
    }
    return this.known.set(keepers);
  }

  /** Asks every keeper what it has, but for those that were asked a moment ago. */
  look(): void {
    const now = this.#now();
    for (const peer of this.known.keepers) {
      const link = this.#link(peer);
      if (link === undefined) continue;
      const asked = link.waiting.filter(({ kind }) => kind === "look");
      if (asked.length >= 2 || asked.some((each) => each.kind === "look" && each.askedAt === now)) {
        continue;
      }
      link.ask({
        kind: "look",
        since: this.#init.since,
        askedAt: now,
        found: [],
        answered: (sources) => {
          this.known.answered(peer, now, sources);
          this.#init.onChange();
        },
      });
    }
  }

  /** Asks a peer for something else; `false` where it cannot be asked now. */
  ask(peer: PeerId, request: Request): boolean {
    const link = this.#link(peer);
    link?.ask(request);
    return link !== undefined;
  }

  close(): void {
    this.#closed = true;
    for (const link of [...this.#links.values()]) link.close();
  }

  #link(peer: PeerId): KeeperLink | undefined {
    const known = this.#links.get(peer);
    if (known !== undefined || this.#closed) return known;
    if (this.#now() < (this.#failures.get(peer)?.retryAt ?? 0)) return undefined;
    const { environment, definition, windowBytes } = this.#init;
    const link = new KeeperLink(environment, definition, peer, windowBytes, (ended, failed) => {
      if (this.#links.get(peer) === ended) this.#links.delete(peer);
      if (ended.isGood) this.#failures.delete(peer);
      if (failed && !this.#closed) this.#failed(peer);
    });
    this.#links.set(peer, link);
    return link;
  }

  #failed(peer: PeerId): void {
    const count = (this.#failures.get(peer)?.count ?? 0) + 1;
    const { first, last } = keeperRetryMs;
    const waitMs = Math.min(last, first * 2 ** Math.min(count - 1, 16));
    this.#failures.set(peer, { count, retryAt: this.#now() + waitMs });
    this.known.failed(peer);
    this.#init.onChange();
  }

  #now(): number {
    return this.#init.environment.context.clock.monotonic();
  }
}
