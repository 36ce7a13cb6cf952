import type { PeerInfo } from "@mosaik/discovery";
import { decodeId, type StreamId } from "@mosaik/primitives";
import type { PeerPredicate, StreamIdentity } from "@mosaik/streams";
import type { CloseReason, LinkListener } from "@mosaik/transport";
import { askTimeoutMs, readersMax } from "../config.ts";
import { type Ask, type ReplayMessage, ReplayProtocol } from "../wire.ts";
import type { Archive } from "./archive.ts";
import type { ReplayEnvironment, ReplayLink } from "./environment.ts";
import { type Greeter, ReaderLink, type Shelf } from "./reader-link.ts";

interface Shop {
  definition: StreamIdentity;
  archive: Archive | undefined;
  accept: PeerPredicate | undefined;
  greeter: Greeter | undefined;
  readonly links: Set<ReplayLink>;
}

/** Serves the histories and greetings of a node to whoever may have them. */
export class Desk {
  readonly #environment: ReplayEnvironment;
  readonly #shops = new Map<StreamId, Shop>();
  readonly #serving: Disposable;
  readonly #watching: Disposable;
  #isReviewing = false;
  #links = 0;

  constructor(environment: ReplayEnvironment) {
    this.#environment = environment;
    this.#serving = environment.context.serve(ReplayProtocol, (link) => this.#accept(link));
    this.#watching = environment.discovery.catalog.subscribe(() => this.#reviewSoon());
  }

  /** Whether a stream is kept here. */
  keeps(stream: StreamId): boolean {
    return this.#shops.get(stream)?.archive !== undefined;
  }

  /** Whether a stream's newcomers are greeted here. */
  greets(stream: StreamId): boolean {
    return this.#shops.get(stream)?.greeter !== undefined;
  }

  /** Serves what an archive keeps of a stream, until it is disposed of. */
  keep(
    definition: StreamIdentity,
    archive: Archive,
    accept: PeerPredicate | undefined,
  ): Disposable {
    const shop = this.#shop(definition);
    shop.archive = archive;
    shop.accept = accept;
    return this.#offer("stream.keeper", definition, () => {
      shop.archive = undefined;
      shop.accept = undefined;
    });
  }

  /** Serves greetings, until it is disposed of. */
  greet(definition: StreamIdentity, greeter: Greeter): Disposable {
    const shop = this.#shop(definition);
    shop.greeter = greeter;
    return this.#offer("stream.greeter", definition, () => {
      shop.greeter = undefined;
    });
  }

  close(): void {
    this.#serving[Symbol.dispose]();
    this.#watching[Symbol.dispose]();
    for (const { links } of this.#shops.values()) {
      for (const link of [...links]) link.close("going-away");
    }
  }

  #reviewSoon(): void {
    if (this.#isReviewing) return;
    this.#isReviewing = true;
    this.#environment.context.clock.soon(() => {
      this.#isReviewing = false;
      this.#review();
    });
  }

  /** Asks again who may read, by what the catalog says now; of whom it says nothing, nothing changed. */
  #review(): void {
    for (const { accept, links } of this.#shops.values()) {
      if (accept === undefined) continue;
      for (const link of [...links]) {
        const info = this.#environment.discovery.info(link.peer);
        const isOwn = link.peer === this.#environment.context.peer;
        if (!isOwn && info !== undefined && !this.#accepts(accept, info)) link.close("not-allowed");
      }
    }
  }

  #shop(definition: StreamIdentity): Shop {
    const known = this.#shops.get(definition.id);
    if (known !== undefined) return known;
    const links = new Set<ReplayLink>();
    const shop = { definition, archive: undefined, accept: undefined, greeter: undefined, links };
    this.#shops.set(definition.id, shop);
    return shop;
  }

  #offer(kind: string, { id }: StreamIdentity, withdraw: () => void): Disposable {
    const offer = this.#environment.discovery.offer(kind, id);
    let isOver = false;
    return {
      [Symbol.dispose]: () => {
        if (isOver) return;
        isOver = true;
        offer[Symbol.dispose]();
        withdraw();
        const shop = this.#shops.get(id);
        if (shop === undefined || shop.archive !== undefined || shop.greeter !== undefined) return;
        this.#shops.delete(id);
        for (const link of [...shop.links]) link.close("going-away");
      },
    };
  }

  #accept(link: ReplayLink): void {
    if (this.#links >= readersMax) return link.close("overloaded");
    this.#links++;
    const { clock } = this.#environment.context;
    const timer = clock.after(askTimeoutMs, () => link.close("timeout"));
    let reader: LinkListener<ReplayMessage> | undefined;
    let ended: CloseReason | undefined;
    link.listen({
      message: (message) => {
        if (reader !== undefined) return reader.message(message);
        if (message.kind !== "ask") return link.close("protocol-violation");
        timer.cancel();
        reader = this.#admit(link, message);
        if (ended !== undefined) reader?.closed(ended);
      },
      drained: () => reader?.drained?.(),
      closed: (reason) => {
        this.#links--;
        timer.cancel();
        ended = reason;
        reader?.closed(reason);
      },
    });
  }

  #admit(link: ReplayLink, ask: Ask): ReaderLink | undefined {
    const shop = this.#shops.get(decodeId<StreamId>(ask.stream));
    const refusal = shop === undefined ? "not-found" : this.#refusal(shop, link, ask);
    if (shop === undefined || refusal !== undefined) {
      link.close(refusal ?? "not-found");
      return undefined;
    }
    const { clock, log } = this.#environment.context;
    shop.links.add(link);
    const shelf: Shelf = shop;
    return new ReaderLink({
      link,
      shelf,
      windowBytes: ask.window,
      now: () => clock.now(),
      log,
      onClosed: () => shop.links.delete(link),
    });
  }

  #refusal(
    { definition, accept }: Shop,
    link: ReplayLink,
    ask: Ask,
  ): "incompatible" | "not-allowed" | undefined {
    if (definition.codec.id !== ask.codec || definition.version !== ask.version) {
      return "incompatible";
    }
    const { discovery, context } = this.#environment;
    if (link.peer === context.peer) return undefined;
    discovery.feed(ask.entry); // where it is no news, what is known stands
    const info: PeerInfo | undefined = discovery.info(link.peer);
    if (info === undefined) return "not-allowed";
    return accept === undefined || this.#accepts(accept, info) ? undefined : "not-allowed";
  }

  #accepts(accept: PeerPredicate, info: PeerInfo): boolean {
    try {
      return accept(info);
    } catch (error) {
      this.#environment.context.log.error("a predicate threw", { peer: info.peer, error });
      return false;
    }
  }
}
