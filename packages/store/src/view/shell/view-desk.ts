import { type Digest, decodeId } from "@mosaik/primitives";
import type { PeerPredicate } from "@mosaik/streams";
import type { CloseReason, LinkListener } from "@mosaik/transport";
import { askTimeoutMs, readersMax } from "../config.ts";
import { type Ask, type ViewMessage, ViewProtocol } from "../wire.ts";
import type { ViewEnvironment, ViewLink } from "./environment.ts";
import { ServedLink, type ServedView } from "./served-link.ts";

interface Shelf {
  readonly view: ServedView;
  readonly accept: PeerPredicate;
  readonly links: Set<ServedLink>;
}

/** What tells the readers of a served view of its changes. */
export interface Serving extends Disposable {
  changed(keys: ReadonlySet<string>): void;
}

/** Serves the views of a node to whoever may have them. */
export class ViewDesk {
  readonly #environment: ViewEnvironment;
  readonly #shelves = new Map<Digest, Shelf>();
  readonly #serving: Disposable;
  readonly #watching: Disposable;
  #isReviewing = false;
  #links = 0;

  constructor(environment: ViewEnvironment) {
    this.#environment = environment;
    this.#serving = environment.context.serve(ViewProtocol, (link) => this.#accept(link));
    this.#watching = environment.discovery.catalog.subscribe(() => this.#reviewSoon());
  }

  /** Serves a view, and offers it, until it is disposed of. */
  serve(id: Digest, view: ServedView, accept: PeerPredicate): Serving {
    const shelf: Shelf = { view, accept, links: new Set() };
    this.#shelves.set(id, shelf);
    const offer = this.#environment.discovery.offer("view.server", id);
    return {
      changed: (keys) => {
        for (const link of [...shelf.links]) link.changed(keys);
      },
      [Symbol.dispose]: () => {
        if (this.#shelves.get(id) !== shelf) return;
        this.#shelves.delete(id);
        offer[Symbol.dispose]();
        for (const link of [...shelf.links]) link.close();
      },
    };
  }

  close(): void {
    this.#serving[Symbol.dispose]();
    this.#watching[Symbol.dispose]();
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
    for (const { accept, links } of this.#shelves.values()) {
      for (const link of [...links]) {
        const info = this.#environment.discovery.info(link.peer);
        if (info !== undefined && !accept(info)) link.close("not-allowed");
      }
    }
  }

  #accept(link: ViewLink): void {
    if (this.#links >= readersMax) return link.close("overloaded");
    this.#links++;
    const timer = this.#environment.context.clock.after(askTimeoutMs, () => link.close("timeout"));
    let served: LinkListener<ViewMessage> | undefined;
    let ended: CloseReason | undefined;
    link.listen({
      message: (message) => {
        if (served !== undefined) return served.message(message);
        if (message.kind !== "ask") return link.close("protocol-violation");
        timer.cancel();
        served = this.#admit(link, message);
        if (ended !== undefined) served?.closed(ended);
      },
      drained: () => served?.drained?.(),
      closed: (reason) => {
        this.#links--;
        timer.cancel();
        ended = reason;
        served?.closed(reason);
      },
    });
  }

  #admit(link: ViewLink, { view, entry }: Ask): ServedLink | undefined {
    const shelf = this.#shelves.get(decodeId(view));
    if (shelf === undefined || !this.#isAllowed(shelf, link, entry)) {
      link.close(shelf === undefined ? "not-found" : "not-allowed");
      return undefined;
    }
    const served = new ServedLink(link, shelf.view, (closed) => shelf.links.delete(closed));
    shelf.links.add(served);
    return served;
  }

  #isAllowed({ accept }: Shelf, { peer }: ViewLink, entry: Uint8Array): boolean {
    const { discovery } = this.#environment;
    discovery.feed(entry); // where it is no news, what is known stands
    const info = discovery.info(peer);
    return info !== undefined && accept(info);
  }
}
