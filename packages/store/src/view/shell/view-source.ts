import {
  type Codec,
  type Digest,
  decodeId,
  encodeHex,
  encodeId,
  type PeerId,
  type Timer,
} from "@mosaik/primitives";
import { framesCost, itemBytesMax, type PeerPredicate, ReceiveCredit } from "@mosaik/streams";
import type { LinkListener } from "@mosaik/transport";
import type { Offset } from "../../replay/core/position.ts";
import {
  entriesMax,
  retryMs,
  serverPatienceMax,
  serverStallMs,
  stateBytesPerMs,
  watchedKeysMax,
  windowBytes,
} from "../config.ts";
import { newEntries, type ViewState } from "../core/entries.ts";
import { decodeEntries } from "../core/entry-frames.ts";
import { type ViewMessage, ViewProtocol } from "../wire.ts";
import type { ViewEnvironment, ViewLink } from "./environment.ts";

/** What a source of a view's states is made of. */
export interface ViewSourceInit<Value> {
  readonly environment: ViewEnvironment;
  readonly id: Digest;
  readonly codec: Codec<Value>;
  readonly servers: PeerPredicate;
  /**
   * A state; `changed`: what differs from the one before, `all` where a server was changed, or that is
   * too much to remember.
   */
  readonly onState: (state: ViewState<Value>, changed: ReadonlySet<string> | "all") => void;
}

/** Has a view from one of the nodes that serve it, from another where that is lost. */
export class ViewSource<Value> {
  readonly #init: ViewSourceInit<Value>;
  readonly #watching: Disposable;
  readonly #stop = new AbortController();
  #link: ServerLink<Value> | undefined;
  #timer: Timer | undefined;
  #failures = 0;
  /** How many times as long as at first a server may take: some are slow, and all may be. */
  #patience = 1;
  /** Servers that failed are asked after all others. */
  readonly #failed = new Set<PeerId>();

  constructor(init: ViewSourceInit<Value>) {
    this.#init = init;
    const { discovery, context } = init.environment;
    this.#watching = discovery.catalog.subscribe(() => this.#try());
    context.clock.soon(() => this.#try());
  }

  /** Whether somebody is known to serve it. */
  get hasServers(): boolean {
    return this.#servers().length > 0;
  }

  close(): void {
    this.#watching[Symbol.dispose]();
    this.#timer?.cancel();
    this.#stop.abort();
    this.#link?.close();
  }

  #servers(): PeerId[] {
    const { environment, id, servers } = this.#init;
    const { discovery } = environment;
    const found = discovery.catalog.value.offering("view.server", id).flatMap(({ peer }) => {
      const info = discovery.info(peer);
      return info !== undefined && servers(info) ? [peer] : [];
    });
    return found.sort((a, b) => Number(this.#failed.has(a)) - Number(this.#failed.has(b)));
  }

  #try(): void {
    if (this.#stop.signal.aborted || this.#link !== undefined || this.#timer !== undefined) return;
    const [peer] = this.#servers();
    if (peer === undefined) return;
    const patience = this.#patience;
    this.#link = new ServerLink(this.#init, peer, patience, this.#stop.signal, (end) => {
      this.#link = undefined;
      if (end.wasGood) this.#failures = 0;
      if (end.wasSlow) this.#patience = Math.min(2 * patience, serverPatienceMax);
      else if (end.wasGood) this.#patience = 1;
      this.#failed.add(peer);
      if (this.#failed.size > 64) this.#failed.clear();
      this.#retry();
    });
  }

  #retry(): void {
    if (this.#stop.signal.aborted) return;
    const waitMs = Math.min(retryMs.last, retryMs.first * 2 ** Math.min(16, this.#failures++));
    this.#timer = this.#init.environment.context.clock.after(waitMs, () => {
      this.#timer = undefined;
      this.#try();
    });
  }
}

/** How a link to a server was. */
interface ServerEnd {
  /** It gave a whole state. */
  readonly wasGood: boolean;
  /** It was left because a state took too long, though something came all the time. */
  readonly wasSlow: boolean;
}

/** A link to one server. */
class ServerLink<Value> implements LinkListener<ViewMessage> {
  readonly #init: ViewSourceInit<Value>;
  readonly #patience: number;
  readonly #onEnded: (end: ServerEnd) => void;
  readonly #credit = new ReceiveCredit(windowBytes, itemBytesMax);
  readonly #entries = newEntries<Value>();
  #changed: Set<string> | "all" = "all";
  #version = new Map<PeerId, Offset>();
  #isGood = false;
  #isSlow = false;
  #isOver = false;
  #link: ViewLink | undefined;
  /** Since when a state is owed, and the timer that runs then. */
  #owedSince: number | undefined;
  #stall: Timer | undefined;
  /** How many entries there were at most, and what they came in: the same ones again are no progress. */
  #most = { entries: 0, bytes: 0 };

  constructor(
    init: ViewSourceInit<Value>,
    peer: PeerId,
    patience: number,
    signal: AbortSignal,
    onEnded: (end: ServerEnd) => void,
  ) {
    this.#init = init;
    this.#patience = patience;
    this.#onEnded = onEnded;
    const { context, discovery } = init.environment;
    context.open(ViewProtocol, peer, { signal }).then(
      (link) => {
        if (this.#isOver) return link.close("cancelled");
        this.#link = link;
        link.listen(this);
        this.#owed();
        link.send({ kind: "ask", view: encodeId(init.id), entry: discovery.signedEntry });
      },
      () => this.closed(),
    );
  }

  close(): void {
    this.#isOver = true;
    this.#stall?.cancel();
    this.#link?.close();
  }

  data(frames: Uint8Array, count: number): void {
    const cost = framesCost(frames, count);
    const isDue = this.#credit.arrived(cost);
    const entries = isDue ? decodeEntries(frames, count, this.#init.codec) : undefined;
    if (entries === undefined) return this.#link?.close("protocol-violation");
    for (const { key, value } of entries) {
      if (value === undefined) this.#entries.delete(key);
      else this.#entries.set(key, value);
      if (this.#changed !== "all") this.#changed.add(key);
    }
    if (this.#entries.size > entriesMax) return this.#link?.close("too-large");
    if (this.#changed !== "all" && this.#changed.size > watchedKeysMax) this.#changed = "all";
    const more = Math.max(0, this.#entries.size - this.#most.entries);
    this.#most.entries += more;
    this.#most.bytes += (cost * more) / count;
    this.#owed();
    const bytes = this.#credit.taken(cost);
    if (bytes > 0) this.#link?.send({ kind: "credit", bytes });
  }

  message(message: ViewMessage): void {
    if (message.kind !== "cut" || this.#version.size > offsetsMax) {
      return this.#link?.close("protocol-violation");
    }
    for (const { producer, incarnation, sequence } of message.version) {
      const place = { incarnation: encodeHex(incarnation), sequence };
      this.#version.set(decodeId<PeerId>(producer), place);
    }
    if (message.more) return;
    this.#stall?.cancel();
    this.#owedSince = undefined;
    const state = {
      entries: this.#entries.clone(),
      version: this.#version,
      missed: message.missed,
    };
    const changed = this.#changed;
    this.#version = new Map();
    this.#changed = new Set();
    this.#isGood = true;
    this.#init.onState(state, changed);
  }

  /**
   * The server has to go on, and to say that all is there within a time that grows with what there is:
   * who sends a little now and then for ever is left too.
   */
  #owed(): void {
    const { clock } = this.#init.environment.context;
    const now = clock.monotonic();
    this.#owedSince ??= now;
    const wholeMs = this.#patience * (serverStallMs + this.#most.bytes / stateBytesPerMs);
    const leftMs = Math.max(0, this.#owedSince + wholeMs - now);
    this.#stall?.cancel();
    this.#stall = clock.after(Math.min(serverStallMs, leftMs), () => {
      this.#isSlow = leftMs < serverStallMs;
      this.#link?.close("timeout");
    });
  }

  closed(): void {
    this.#stall?.cancel();
    if (this.#isOver) return;
    this.#isOver = true;
    this.#onEnded({ wasGood: this.#isGood, wasSlow: this.#isSlow });
  }
}

/** As many producers as a stream's readers remember. */
const offsetsMax = 65_536;
