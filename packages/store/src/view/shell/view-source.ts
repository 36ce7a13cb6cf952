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
import { entriesMax, retryMs, serverStallMs, windowBytes } from "../config.ts";
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
  /** A state; `changed`: what differs from the one before, `all` where a server was changed. */
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
    this.#link = new ServerLink(this.#init, peer, this.#stop.signal, (wasGood) => {
      this.#link = undefined;
      if (wasGood) this.#failures = 0;
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

/** A link to one server. */
class ServerLink<Value> implements LinkListener<ViewMessage> {
  readonly #init: ViewSourceInit<Value>;
  readonly #onEnded: (wasGood: boolean) => void;
  readonly #credit = new ReceiveCredit(windowBytes, itemBytesMax);
  readonly #entries = newEntries<Value>();
  #changed: Set<string> | "all" = "all";
  #version = new Map<PeerId, Offset>();
  #isGood = false;
  #isOver = false;
  #link: ViewLink | undefined;
  /** Runs while a state is owed. */
  #stall: Timer | undefined;

  constructor(
    init: ViewSourceInit<Value>,
    peer: PeerId,
    signal: AbortSignal,
    onEnded: (wasGood: boolean) => void,
  ) {
    this.#init = init;
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

  /** The server has to go on, or to say that all is there. */
  #owed(): void {
    const { clock } = this.#init.environment.context;
    this.#stall?.cancel();
    this.#stall = clock.after(serverStallMs, () => this.#link?.close("timeout"));
  }

  closed(): void {
    this.#stall?.cancel();
    if (this.#isOver) return;
    this.#isOver = true;
    this.#onEnded(this.#isGood);
  }
}

/** As many producers as a stream's readers remember. */
const offsetsMax = 65_536;
