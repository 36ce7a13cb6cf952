import type { Catalog, Consumer, MapReader, Node, StoreStatus, Subscription, View } from "mosaik";
import { Audit, sumOf } from "./audit.ts";
import type { Status, Summary } from "./contract.ts";
import type { LedgerGroup } from "./ledger.ts";
import { stateOf, type Total } from "./totals.ts";

/** A status is sent at least this often. */
const intervalMs = 500;
/** Whether there is news is looked at this often: what the figures of the story are exact to. */
const lookMs = 50;

/** Anything that is stamped with the wall-clock time of its making. */
interface Stamped {
  readonly at: number;
}

/** The sending side of any stream. */
interface Sending {
  readonly definition: { readonly name: string };
  readonly consumers: readonly Subscription[];
}

/** Collects what a node can say of itself, and says it. */
export class Reporter {
  readonly #node: Node;
  readonly #consumers = new Map<Consumer<Stamped>, Audit>();
  readonly #producers = new Set<Sending>();
  /** Sums of lags since the last status, by stream and producer. */
  readonly #lags = new Map<string, { sumMs: number; count: number }>();

  #offered = 0;
  #totals: View<Total> | undefined;
  #ledger: (() => Status["ledger"]) | undefined;
  #latest: Pick<MapReader<string, Summary>, "status"> | undefined;

  constructor(node: Node) {
    this.#node = node;
  }

  /** Reports on a producer from now on. */
  produces(producer: Sending): void {
    this.#producers.add(producer);
  }

  /** Reports on a membership from now on, and on what was acknowledged to this process. */
  keeps(
    group: LedgerGroup,
    acknowledged?: () => NonNullable<NonNullable<Status["ledger"]>["acknowledged"]>,
  ): void {
    this.#ledger = () => {
      const { role, term, applied } = group.status.value;
      const told = acknowledged?.();
      return { role, term, applied, ...(told === undefined ? {} : { acknowledged: told }) };
    };
  }

  /** Reports on the map of newest summaries from now on. */
  shares(latest: Pick<MapReader<string, Summary>, "status">): void {
    this.#latest = latest;
  }

  /** Reports on a view from now on. */
  folds(totals: View<Total>): void {
    this.#totals = totals;
  }

  /** Counts an item that the node had to send. */
  offered(): void {
    this.#offered += 1;
  }

  /**
   * Reads a consumer to its end, keeping account of what comes; `take` gets the items, and the next
   * is read when it is done.
   */
  async follow<Item extends Stamped>(
    consumer: Consumer<Item>,
    take: (item: Item, producer: string) => void | Promise<void>,
  ): Promise<void> {
    const audit = new Audit();
    this.#consumers.set(consumer, audit);
    for await (const delivery of consumer.deliveries()) {
      audit.add(delivery);
      if (delivery.kind === "gap") continue;
      this.#late(consumer.definition.name + delivery.producer, Date.now() - delivery.item.at);
      const taken = take(delivery.item, delivery.producer);
      if (taken !== undefined) await taken;
    }
  }

  /** Calls `send` with a status now and then: at once when something changed, else regularly. */
  start(send: (status: Status) => void): Disposable {
    let sentAt = 0;
    let said: unknown[] = [];
    const look = (): void => {
      const facts = this.#facts();
      const news = facts.length !== said.length || facts.some((fact, at) => fact !== said[at]);
      if (!news && Date.now() - sentAt < intervalMs) return;
      said = facts;
      sentAt = Date.now();
      send(this.status());
    };
    const timer = setInterval(look, lookMs);
    return { [Symbol.dispose]: () => clearInterval(timer) };
  }

  /** What there is to say now. The lags are those since the call before. */
  status(): Status {
    const inputs = [...this.#consumers.keys()].flatMap((consumer) =>
      consumer.producers.map((subscription) => {
        const lag = this.#lags.get(consumer.definition.name + subscription.peer);
        return {
          ...figures(consumer.definition.name, subscription),
          ...(lag === undefined ? {} : { lagMs: Math.max(0, lag.sumMs / lag.count) }),
        };
      }),
    );
    this.#lags.clear();
    const ledger = this.#ledger?.();
    const latest = this.#latest?.status.value;
    return {
      at: Date.now(),
      pid: process.pid,
      uptimeMs: performance.now(),
      memoryBytes: process.memoryUsage.rss(),
      peers: [...this.#catalog.peers.keys()],
      inputs,
      outputs: [...this.#producers].flatMap((producer) =>
        producer.consumers.map((one) => figures(producer.definition.name, one)),
      ),
      offered: this.#offered,
      audit: sumOf([...this.#consumers.values()].map((audit) => audit.figures)),
      ...(ledger === undefined ? {} : { ledger }),
      ...(latest === undefined ? {} : { latest: shareOf(latest) }),
      ...(this.#totals === undefined ? {} : { totals: stateOf(this.#totals) }),
    };
  }

  get #catalog(): Catalog {
    return this.#node.discovery.catalog.value;
  }

  #late(subscription: string, lagMs: number): void {
    const lag = this.#lags.get(subscription);
    if (lag === undefined) this.#lags.set(subscription, { sumMs: lagMs, count: 1 });
    else {
      lag.sumMs += lagMs;
      lag.count += 1;
    }
  }

  /** What is news when it differs. */
  #facts(): unknown[] {
    const facts: unknown[] = [this.#catalog];
    for (const consumer of this.#consumers.keys()) {
      // The first item tells that the subscription works.
      for (const one of consumer.producers) facts.push(one.peer, one.items > 0);
    }
    for (const producer of this.#producers) {
      for (const one of producer.consumers) facts.push(one.peer);
    }
    const ledger = this.#ledger?.();
    facts.push(ledger?.role, ledger?.term, this.#latest?.status.value.size);
    return facts;
  }
}

function shareOf({ version, size, hash }: StoreStatus): NonNullable<Status["latest"]> {
  return { version, size, hash };
}

function figures(stream: string, of: Subscription): Status["outputs"][number] {
  const { peer, items, bytes, dropped, uptimeMs } = of;
  return { stream, peer, items, bytes, dropped, uptimeMs: Math.max(0, uptimeMs) };
}
