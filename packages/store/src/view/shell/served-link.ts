import { concatBytes, decodeHex, encodeId, type PeerId } from "@mosaik/primitives";
import { framesCost, itemBytesMax, SendCredit } from "@mosaik/streams";
import { frameHeaderBytes, type LinkListener } from "@mosaik/transport";
import type { Position } from "../../replay/core/position.ts";
import { pieceBytes, windowBytes } from "../config.ts";
import { offsetsPerPart, type ViewMessage } from "../wire.ts";
import type { ViewLink } from "./environment.ts";

/** A view as it is served. */
export interface ServedView {
  readonly keys: Iterable<string>;
  readonly version: Position;
  readonly missed: number;
  /** The data frame of an entry as it is now. */
  frameOf(key: string): Uint8Array;
}

/**
 * Sends a reader all entries, then those that change. Entries that change again before they went out
 * go out once, as they are then; so what waits is never more than there are entries.
 *
 * Invariant: a cut is sent only at a moment at which nothing waits: what was sent is then exactly the
 * view at the cut's version.
 */
export class ServedLink implements LinkListener<ViewMessage> {
  readonly #link: ViewLink;
  readonly #view: ServedView;
  readonly #onClosed: (link: ServedLink) => void;
  readonly #credit = new SendCredit(windowBytes);
  readonly #waiting: Set<string>;
  #isCutDue = true;

  constructor(link: ViewLink, view: ServedView, onClosed: (link: ServedLink) => void) {
    this.#link = link;
    this.#view = view;
    this.#onClosed = onClosed;
    this.#waiting = new Set(view.keys);
    this.#pump();
  }

  /** The view has changed. */
  changed(keys: ReadonlySet<string>): void {
    for (const key of keys) this.#waiting.add(key);
    this.#isCutDue = true;
    this.#pump();
  }

  /** Who reads. */
  get peer(): PeerId {
    return this.#link.peer;
  }

  close(reason: "going-away" | "not-allowed" = "going-away"): void {
    this.#link.close(reason);
  }

  message(message: ViewMessage): void {
    if (message.kind !== "credit" || !this.#credit.giveBack(message.bytes)) {
      return this.#link.close("protocol-violation");
    }
    this.#pump();
  }

  drained(): void {
    this.#pump();
  }

  closed(): void {
    this.#waiting.clear();
    this.#onClosed(this);
  }

  #pump(): void {
    while (this.#waiting.size > 0 && !this.#link.closed) {
      if (this.#link.full || !this.#sendPiece()) return;
    }
    if (!this.#isCutDue || this.#link.closed) return;
    this.#isCutDue = false;
    this.#cut();
  }

  /** Sends some entries; `false` where there is no credit for any. */
  #sendPiece(): boolean {
    const frames: Uint8Array[] = [];
    let bytes = 0;
    let cost = 0;
    for (const key of this.#waiting) {
      const frame = this.#frameOf(key);
      if (frame === undefined) return false;
      const next = cost + framesCost(frame, 1);
      if (!(cost === 0 ? this.#credit.allowsOne(next) : this.#credit.allows(next))) break;
      cost = next;
      bytes += frame.byteLength;
      frames.push(frame);
      this.#waiting.delete(key);
      if (bytes >= pieceBytes) break;
    }
    if (frames.length === 0) return false;
    this.#credit.take(cost);
    this.#link.sendData(concatBytes(...frames));
    return true;
  }

  /** The frame of an entry; where it has none, the reader cannot have the view. */
  #frameOf(key: string): Uint8Array | undefined {
    try {
      const frame = this.#view.frameOf(key);
      if (frame.byteLength <= frameHeaderBytes + itemBytesMax) return frame;
      this.#link.close("too-large");
    } catch {
      this.#link.close("internal", "an entry cannot be encoded");
    }
    return undefined;
  }

  #cut(): void {
    const { version, missed } = this.#view;
    const all = [...version].map(([producer, { incarnation, sequence }]) => ({
      producer: encodeId(producer),
      incarnation: decodeHex(incarnation),
      sequence,
    }));
    for (let at = 0; at === 0 || at < all.length; at += offsetsPerPart) {
      const part = all.slice(at, at + offsetsPerPart);
      const more = at + offsetsPerPart < all.length;
      this.#link.send({ kind: "cut", version: part, more, missed });
    }
  }
}
