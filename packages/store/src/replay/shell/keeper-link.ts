import {
  decodeHex,
  decodeId,
  encodeHex,
  encodeId,
  type PeerId,
  type Timer,
} from "@mosaik/primitives";
import { framesCost, itemBytesMax, ReceiveCredit, type StreamIdentity } from "@mosaik/streams";
import type { LinkListener } from "@mosaik/transport";
import { fetchBytesPerMs, fetchStallMs, keeperIdleMs } from "../config.ts";
import type { Frames } from "../core/frames.ts";
import type { SourceSummary } from "../core/history.ts";
import type { Offset } from "../core/position.ts";
import type { Came } from "../core/step.ts";
import { type ReplayMessage, ReplayProtocol } from "../wire.ts";
import type { ReplayEnvironment, ReplayLink } from "./environment.ts";

/** What is asked of a keeper, and who is told what it answers. */
export type Request =
  | {
      readonly kind: "look";
      readonly since: number | undefined;
      readonly askedAt: number;
      readonly found: SourceSummary[];
      answered(sources: readonly SourceSummary[]): void;
    }
  | {
      readonly kind: "fetch";
      readonly producer: PeerId;
      readonly incarnation: string;
      readonly from: number;
      readonly to: number;
      /** Items came; `false` where they are not those that were asked for. */
      items(run: Frames, atMs: number, taken: (cost: number) => void): boolean;
      /** Nothing is kept before that item; `false` where that makes no sense. */
      gap(to: number): boolean;
      /** All came, or nothing more will: the link is over. Answers how much came. */
      ended(isWhole: boolean): Came;
    }
  | {
      readonly kind: "greet";
      begun(place: Offset): void;
      items(run: Frames, atMs: number, taken: (cost: number) => void): boolean;
      ended(isWhole: boolean): Came;
    };

/**
 * A link to a keeper or a greeter: requests are answered in their order. A keeper that owes something
 * has a stretch of time to send it, which grows with every byte, and never beyond its first length: so
 * it is left where it is silent, and where it dribbles. While what came is not taken no time passes.
 */
export class KeeperLink implements LinkListener<ReplayMessage> {
  readonly peer: PeerId;
  readonly #environment: ReplayEnvironment;
  readonly #definition: StreamIdentity;
  readonly #windowBytes: number;
  readonly #onEnded: (link: KeeperLink, failed: boolean) => void;
  readonly #credit: ReceiveCredit;
  readonly #stop = new AbortController();
  #link: ReplayLink | undefined;
  #requests: Request[] = [];
  /** Data frames that are still to come of the present block, and when they were kept. */
  #due = { items: 0, atMs: 0 };
  #hasBegun = false;
  #heardAt: number;
  /** When a keeper that owes something is left, and since when what came waits for the application. */
  #leaveAt: number;
  #heldAt = 0;
  #timer: Timer | undefined;
  #isGood = false;
  #isOver = false;

  /** `onEnded` is told once; `failed`: it was not meant. */
  constructor(
    environment: ReplayEnvironment,
    definition: StreamIdentity,
    peer: PeerId,
    windowBytes: number,
    onEnded: (link: KeeperLink, failed: boolean) => void,
  ) {
    const { context } = environment;
    this.#environment = environment;
    this.#definition = definition;
    this.peer = peer;
    this.#windowBytes = windowBytes;
    this.#onEnded = onEnded;
    this.#credit = new ReceiveCredit(windowBytes, itemBytesMax);
    this.#heardAt = this.#now();
    this.#leaveAt = this.#heardAt + fetchStallMs;
    this.#watch();
    context.open(ReplayProtocol, peer, { signal: this.#stop.signal }).then(
      (link) => this.#use(link),
      () => this.#end(true),
    );
  }

  /** Whether it gave anything. */
  get isGood(): boolean {
    return this.#isGood;
  }

  /** Requests that were not answered yet. */
  get waiting(): readonly Request[] {
    return this.#requests;
  }

  /** Asks something. */
  ask(request: Request): void {
    if (this.#requests.length === 0) {
      this.#wait(this.#now() - this.#heardAt);
      this.#heardAt = this.#now();
    }
    this.#requests.push(request);
    if (this.#link !== undefined) this.#link.send(encoded(request));
  }

  close(): void {
    this.#end(false);
  }

  message(message: ReplayMessage): void {
    this.#heardAt = this.#now();
    if (!this.#take(message)) this.#violation();
  }

  data(frames: Uint8Array, count: number): void {
    const [request] = this.#requests;
    this.#heardAt = this.#now();
    this.#wait(frames.byteLength / fetchBytesPerMs);
    if (this.#credit.waiting === 0) this.#heldAt = this.#heardAt;
    this.#due.items -= count;
    const isDue = this.#due.items >= 0 && this.#credit.arrived(framesCost(frames, count));
    if (!isDue || request === undefined || request.kind === "look") return this.#violation();
    this.#isGood = true;
    const run = { frames, items: count };
    if (!request.items(run, this.#due.atMs, (cost) => this.#taken(cost))) this.#violation();
  }

  closed(): void {
    this.#end(true);
  }

  #use(link: ReplayLink): void {
    if (this.#isOver) return link.close("cancelled");
    this.#link = link;
    link.listen(this);
    if (this.#isOver) return; // it had ended already
    const { id, codec, version } = this.#definition;
    link.send({
      kind: "ask",
      stream: encodeId(id),
      codec: codec.id,
      version,
      window: this.#windowBytes,
      entry: this.#environment.discovery.signedEntry,
    });
    for (const request of this.#requests) link.send(encoded(request));
  }

  /** Takes a message; `false` where it is none that is due. */
  #take(message: ReplayMessage): boolean {
    const [request] = this.#requests;
    if (request === undefined || this.#due.items > 0) return false;
    switch (message.kind) {
      case "index":
        return this.#index(message);
      case "block":
        if (request.kind === "look" || (request.kind === "greet" && !this.#hasBegun)) return false;
        this.#due = { items: message.items, atMs: message.at };
        return true;
      case "greeting":
        if (request.kind !== "greet" || this.#hasBegun) return false;
        this.#hasBegun = true;
        request.begun({
          incarnation: encodeHex(message.incarnation),
          sequence: message.sequence,
        });
        return true;
      case "gap":
        if (request.kind !== "fetch") return false;
        this.#requests.shift();
        this.#wait(fetchStallMs);
        return request.gap(message.to);
      case "fetched":
        if (request.kind === "look" || (request.kind === "greet" && !this.#hasBegun)) return false;
        this.#requests.shift();
        this.#hasBegun = false;
        return this.#ended(request.ended(true));
      default:
        return false;
    }
  }

  /** An answer is at its end; `false` where there was nothing in it. */
  #ended(came: Came): boolean {
    if (came === "all") this.#wait(fetchStallMs);
    return came !== "nothing";
  }

  /** An index comes at once, before what was asked for earlier is answered. */
  #index({ sources, more }: ReplayMessage & { kind: "index" }): boolean {
    const request = this.#requests.find(({ kind }) => kind === "look");
    if (request?.kind !== "look") return false;
    for (const { producer, incarnation, first, end, since, older } of sources) {
      if (first > end || (older ?? 0) > end || request.found.length >= sourcesPerIndexMax)
        return false;
      request.found.push({
        producer: decodeId<PeerId>(producer),
        incarnation: encodeHex(incarnation),
        first,
        end,
        ...(since !== undefined && { since }),
        ...(older !== undefined && { older }),
      });
    }
    if (more) return true;
    if (this.#requests[0] === request) this.#wait(fetchStallMs);
    this.#requests.splice(this.#requests.indexOf(request), 1);
    request.answered(request.found);
    return true;
  }

  #taken(cost: number): void {
    const bytes = this.#credit.taken(cost);
    if (this.#credit.waiting === 0) this.#wait(this.#now() - this.#heldAt);
    if (bytes > 0 && !this.#isOver) this.#link?.send({ kind: "credit", bytes });
  }

  /** A keeper that owes something has so much longer. */
  #wait(ms: number): void {
    this.#leaveAt = Math.min(this.#now() + fetchStallMs, this.#leaveAt + ms);
  }

  /** Leaves a keeper that owes something for too long, and one that nobody needs. */
  #watch(): void {
    this.#timer = this.#environment.context.clock.after(fetchStallMs / 2, () => {
      const now = this.#now();
      const isOwed = this.#requests.length > 0;
      if (this.#credit.waiting === 0) {
        if (isOwed && now >= this.#leaveAt) return this.#end(true);
        if (!isOwed && now - this.#heardAt >= keeperIdleMs) return this.#end(false);
      }
      this.#watch();
    });
  }

  #now(): number {
    return this.#environment.context.clock.monotonic();
  }

  #violation(): void {
    this.#link?.close("protocol-violation");
  }

  #end(failed: boolean): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#timer?.cancel();
    this.#stop.abort();
    this.#link?.close();
    const requests = this.#requests;
    this.#requests = [];
    this.#onEnded(this, failed);
    for (const request of requests) if (request.kind !== "look") request.ended(false);
  }
}

/** A keeper may name as many runs of producers as it may know of. */
const sourcesPerIndexMax = 4_096;

function encoded(request: Request): ReplayMessage {
  switch (request.kind) {
    case "look":
      return request.since === undefined
        ? { kind: "look" }
        : { kind: "look", since: request.since };
    case "greet":
      return { kind: "greet" };
    case "fetch": {
      const { producer, incarnation, from, to } = request;
      return {
        kind: "fetch",
        producer: encodeId(producer),
        incarnation: decodeHex(incarnation),
        from,
        to,
      };
    }
  }
}
