import { jitter, type PeerId, type Timer } from "@mosaik/primitives";
import type { CloseReason, Link, ServiceContext } from "@mosaik/transport";
import { viewLimits } from "../config.ts";
import { PartialView, type Priority } from "../core/partial-view.ts";
import { type GossipMessage, GossipProtocol } from "../wire.ts";

type GossipLink = Link<GossipMessage, typeof GossipProtocol.reasons>;

/** What the neighbours tell their user. */
export interface NeighboursListener {
  /** A peer became a neighbour; `ours` where we asked. */
  up(peer: PeerId, ours: boolean): void;
  /** A neighbour is none any more. */
  down(peer: PeerId): void;
  /** A neighbour said something. */
  message(peer: PeerId, message: GossipMessage): void;
}

/** Links that were opened to us and have not said what for. More are refused. */
const strangersMax = 64;

/** Keeps a link to each peer of the partial view, and asks for more where there are too few. */
export class Neighbours {
  readonly #context: ServiceContext;
  readonly #listener: NeighboursListener;
  readonly #known: () => Iterable<PeerId>;
  readonly #view: PartialView;
  /** The link of each place, once it is open. */
  readonly #links = new Map<PeerId, GossipLink>();
  readonly #strangers = new Set<GossipLink>();
  readonly #served: Disposable;
  #timer: Timer | undefined;
  #isFilling = false;
  #closed = false;

  constructor(
    context: ServiceContext,
    /** The peers to choose from. */
    known: () => Iterable<PeerId>,
    listener: NeighboursListener,
  ) {
    this.#context = context;
    this.#known = known;
    this.#listener = listener;
    this.#view = new PartialView({ me: context.peer, random: context.random });
    this.#served = context.serve(GossipProtocol, (link) => this.#accept(link));
    this.#wait();
  }

  /** The neighbours, in ascending order. */
  get all(): PeerId[] {
    return this.#view.neighbours;
  }

  /** Whether a peer broke the rules lately. */
  isBanned(peer: PeerId): boolean {
    return this.#view.isBanned(peer, this.#now());
  }

  /** Sends to a neighbour; ignored where it is none any more. */
  send(to: PeerId, message: GossipMessage): void {
    if (this.#view.isNeighbour(to)) this.#links.get(to)?.send(message);
  }

  /** Whether more can be sent to a neighbour now. */
  hasRoom(to: PeerId): boolean {
    return this.#links.get(to)?.full === false;
  }

  /** Asks for neighbours where there are too few, when this turn is over. */
  fill(): void {
    if (this.#isFilling || this.#closed) return;
    this.#isFilling = true;
    this.#context.clock.soon(() => {
      this.#isFilling = false;
      if (this.#closed) return;
      const { peers, priority } = this.#view.pick(this.#known(), this.#now());
      for (const peer of peers) void this.#ask(peer, priority);
    });
  }

  /** A peer has a new life: that it refused us is forgotten. */
  forgive(peer: PeerId): void {
    this.#view.forgive(peer);
  }

  /** Ends the link of a peer that broke the rules, and takes none from it for a while. */
  ban(peer: PeerId, reason: "forged" | "protocol-violation"): void {
    this.#context.log.warn("a peer broke the rules", { peer, reason });
    const wasNeighbour = this.#view.isNeighbour(peer);
    this.#view.ban(peer, this.#now());
    this.#drop(peer, reason);
    if (wasNeighbour) this.#listener.down(peer);
    this.fill();
  }

  /** Ends all links, once what was sent has gone. */
  close(): void {
    this.#closed = true;
    this.#timer?.cancel();
    this.#served[Symbol.dispose]();
    for (const link of [...this.#strangers, ...this.#links.values()]) link.close("going-away");
    this.#strangers.clear();
    this.#links.clear();
  }

  async #ask(peer: PeerId, priority: Priority): Promise<void> {
    const { clock, log } = this.#context;
    const deadline = new AbortController();
    const timer = clock.after(viewLimits.requestTimeoutMs, () => {
      deadline.abort();
      if (!this.#view.isNeighbour(peer)) this.#links.get(peer)?.close("timeout");
    });
    try {
      const link = await this.#context.open(GossipProtocol, peer, { signal: deadline.signal });
      // Meanwhile the place may have gone to a link that the other end opened.
      if (this.#closed || this.#view.isNeighbour(peer) || this.#links.has(peer)) {
        return link.close("duplicate");
      }
      this.#links.set(peer, link);
      link.listen({
        message: (message) => this.#receive(link, message, () => timer.cancel()),
        closed: (reason) => {
          timer.cancel();
          this.#ended(link, reason);
        },
      });
      link.send({ kind: "neighbour", priority });
    } catch (error) {
      timer.cancel();
      log.debug("a peer could not be asked to be a neighbour", { peer, error });
      if (this.#links.has(peer) || this.#view.isNeighbour(peer)) return;
      this.#view.refused(peer, this.#now());
      this.fill();
    }
  }

  #accept(link: GossipLink): void {
    if (this.#closed) return link.close("going-away");
    if (this.#strangers.size >= strangersMax) return link.close("overloaded");
    this.#strangers.add(link);
    const timer = this.#context.clock.after(viewLimits.requestTimeoutMs, () =>
      link.close("timeout"),
    );
    link.listen({
      message: (message) => {
        timer.cancel();
        if (this.#links.get(link.peer) === link) this.#listen(link, message);
        else if (this.#strangers.delete(link) && message.kind === "neighbour") {
          this.#answer(link, message.priority);
        } else link.close("protocol-violation");
      },
      closed: (reason) => {
        timer.cancel();
        this.#strangers.delete(link);
        this.#ended(link, reason);
      },
    });
  }

  #answer(link: GossipLink, priority: Priority): void {
    const { peer } = link;
    const wasNeighbour = this.#view.isNeighbour(peer);
    const answer = this.#view.answer(peer, priority, this.#now());
    if (!answer.accept) return link.close(answer.reason);
    if (answer.replaces) this.#drop(peer, "duplicate");
    if (wasNeighbour) this.#listener.down(peer);
    if (answer.evicted !== undefined) {
      this.#drop(answer.evicted, "evicted");
      this.#listener.down(answer.evicted);
    }
    this.#links.set(peer, link);
    link.send({ kind: "welcome" });
    this.#listener.up(peer, false);
  }

  #receive(link: GossipLink, message: GossipMessage, onAnswer: () => void): void {
    if (this.#links.get(link.peer) !== link) return;
    if (this.#view.isNeighbour(link.peer)) return this.#listen(link, message);
    onAnswer();
    if (message.kind !== "welcome") return link.close("protocol-violation");
    this.#view.welcomed(link.peer, this.#now());
    this.#listener.up(link.peer, true);
  }

  #listen(link: GossipLink, message: GossipMessage): void {
    if (message.kind === "neighbour" || message.kind === "welcome") {
      this.ban(link.peer, "protocol-violation");
    } else this.#listener.message(link.peer, message);
  }

  #ended(link: GossipLink, reason: CloseReason): void {
    const { peer } = link;
    if (this.#links.get(peer) !== link) return;
    this.#links.delete(peer);
    const wasNeighbour = this.#view.isNeighbour(peer);
    if (reason.by === "local" && reason.name === "protocol-violation") {
      this.#view.ban(peer, this.#now());
    } else if (wasNeighbour && reason.name !== "evicted" && reason.name !== "duplicate") {
      this.#view.left(peer);
    } else this.#view.refused(peer, this.#now());
    if (wasNeighbour) this.#listener.down(peer);
    this.fill();
  }

  /** Ends the link of a place without hearing of its end. */
  #drop(peer: PeerId, reason: "duplicate" | "evicted" | "forged" | "protocol-violation"): void {
    const link = this.#links.get(peer);
    this.#links.delete(peer);
    link?.close(reason);
  }

  #wait(): void {
    const { clock, random } = this.#context;
    this.#timer = clock.after(jitter(random, viewLimits.tickMs, 0.5), () => {
      this.fill();
      this.#wait();
    });
  }

  #now(): number {
    return this.#context.clock.monotonic();
  }
}
