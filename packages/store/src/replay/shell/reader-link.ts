import { decodeHex, decodeId, encodeId, type Log, type PeerId } from "@mosaik/primitives";
import { SendCredit } from "@mosaik/streams";
import type { LinkListener } from "@mosaik/transport";
import { fetchesMax } from "../config.ts";
import { affordable } from "../core/affordable.ts";
import { type Frames, withoutFirst } from "../core/frames.ts";
import type { SourceSummary } from "../core/history.ts";
import type { Offset } from "../core/position.ts";
import { type ReplayMessage, sourcesPerAnswer } from "../wire.ts";
import { type Answer, FetchAnswer, GreetingAnswer } from "./answers.ts";
import type { Archive } from "./archive.ts";
import type { ReplayLink } from "./environment.ts";

/** What a producer of this node gives newcomers first: where it stands, and encoded items. */
export interface Greeter {
  greet(newcomer: PeerId): { readonly place: Offset; readonly items: Iterator<Uint8Array> };
}

/** What a reader's link serves from. Either may come and go. */
export interface Shelf {
  readonly archive: Archive | undefined;
  readonly greeter: Greeter | undefined;
}

/**
 * Answers one reader: requests in their order, one at a time, as far as its credit and the link's
 * buffers go.
 */
export class ReaderLink implements LinkListener<ReplayMessage> {
  readonly #link: ReplayLink;
  readonly #shelf: Shelf;
  readonly #credit: SendCredit;
  readonly #now: () => number;
  readonly #log: Log;
  readonly #onClosed: () => void;
  readonly #requests: (ReplayMessage & { readonly kind: "fetch" | "greet" })[] = [];
  /** Looks that wait for room: they are answered before anything else. */
  readonly #looks: (number | undefined)[] = [];
  #answer: Answer | undefined;
  #waiting: { run: Frames; readonly atMs: number } | undefined;
  #isReading = false;

  constructor(init: {
    readonly link: ReplayLink;
    readonly shelf: Shelf;
    readonly windowBytes: number;
    readonly now: () => number;
    readonly log: Log;
    readonly onClosed: () => void;
  }) {
    this.#link = init.link;
    this.#shelf = init.shelf;
    this.#credit = new SendCredit(init.windowBytes);
    this.#now = init.now;
    this.#log = init.log;
    this.#onClosed = init.onClosed;
  }

  message(message: ReplayMessage): void {
    switch (message.kind) {
      case "look":
        if (this.#looks.push(message.since) > fetchesMax) {
          return this.#link.close("protocol-violation");
        }
        return this.#pump();
      case "fetch":
      case "greet":
        if (this.#requests.length >= fetchesMax) return this.#link.close("protocol-violation");
        this.#requests.push(message);
        return this.#pump();
      case "credit":
        if (!this.#credit.giveBack(message.bytes)) return this.#link.close("protocol-violation");
        return this.#pump();
      default:
        return this.#link.close("protocol-violation");
    }
  }

  drained(): void {
    this.#pump();
  }

  closed(): void {
    this.#requests.length = 0;
    this.#looks.length = 0;
    this.#answer = undefined;
    this.#waiting = undefined;
    this.#onClosed();
  }

  #tell(all: readonly SourceSummary[]): void {
    for (let at = 0; at === 0 || at < all.length; at += sourcesPerAnswer) {
      const sources = all.slice(at, at + sourcesPerAnswer).map((source) => ({
        ...source,
        producer: encodeId(source.producer),
        incarnation: decodeHex(source.incarnation),
      }));
      this.#link.send({ kind: "index", sources, more: at + sourcesPerAnswer < all.length });
    }
  }

  /** Sends what can be sent now. */
  #pump(): void {
    while (this.#looks.length > 0 && !this.#link.closed && !this.#link.full) {
      this.#tell(this.#shelf.archive?.summary(this.#looks.shift()) ?? []);
    }
    while (!this.#isReading && !this.#link.closed && !this.#link.full) {
      if (this.#waiting !== undefined) {
        if (!this.#sendWaiting(this.#waiting)) return;
        continue;
      }
      const answer = this.#answer ?? this.#nextAnswer();
      if (answer === undefined) return;
      this.#answer = answer;
      const portion = this.#guard(() => answer.next());
      if (portion === undefined) return;
      if (!(portion instanceof Promise)) this.#take(portion);
      else this.#read(portion);
    }
  }

  #read(portion: Promise<Awaited<ReturnType<Answer["next"]>>>): void {
    this.#isReading = true;
    const resume = (act: () => void): void => {
      this.#isReading = false;
      if (this.#link.closed) return;
      act();
      this.#pump();
    };
    portion.then(
      (read) => resume(() => this.#take(read)),
      (error: unknown) => resume(() => this.#broke(error)),
    );
  }

  #take(portion: Awaited<ReturnType<Answer["next"]>>): void {
    if (portion.kind === "items") {
      this.#waiting = { run: portion.run, atMs: portion.atMs };
      return;
    }
    this.#answer = undefined;
    this.#link.send(portion.message);
  }

  /** Sends of the items that wait what there is credit for; `false` where that is nothing. */
  #sendWaiting(waiting: { run: Frames; readonly atMs: number }): boolean {
    const part = affordable(waiting.run, this.#credit);
    if (part === undefined) return false;
    this.#credit.take(part.cost);
    this.#link.send({ kind: "block", items: part.items, at: waiting.atMs });
    this.#link.sendData(part.frames);
    waiting.run = withoutFirst(waiting.run, part.items);
    if (waiting.run.items === 0) this.#waiting = undefined;
    return true;
  }

  #nextAnswer(): Answer | undefined {
    const request = this.#requests.shift();
    if (request === undefined) return undefined;
    if (request.kind === "greet") return this.#guard(() => this.#greet());
    const { archive } = this.#shelf;
    if (archive !== undefined) {
      return new FetchAnswer(archive, decodeId<PeerId>(request.producer), request);
    }
    this.#link.close("not-found");
    return undefined;
  }

  #greet(): Answer | undefined {
    const { greeter } = this.#shelf;
    if (greeter === undefined) {
      this.#link.close("not-found");
      return undefined;
    }
    const { place, items } = greeter.greet(this.#link.peer);
    const incarnation = decodeHex(place.incarnation);
    this.#link.send({ kind: "greeting", incarnation, sequence: place.sequence });
    return new GreetingAnswer(items, this.#now);
  }

  /** Runs what may be the user's: where it throws, the reader is sent away. */
  #guard<Value>(act: () => Value): Value | undefined {
    try {
      return act();
    } catch (error) {
      this.#broke(error);
      return undefined;
    }
  }

  #broke(error: unknown): void {
    this.#log.error("a reader of history cannot be answered", { reader: this.#link.peer, error });
    this.#link.close("internal");
  }
}
