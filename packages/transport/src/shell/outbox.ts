import { type Clock, concatBytes } from "@mosaik/primitives";
import { coalesceBytesMax, linkBacklogBytesMax } from "../config.ts";
import type { Channel } from "../transport.ts";

/** What an outbox tells its link. */
export interface OutboxOwner {
  /** There is room again, after it was asked for and there was none. */
  drained(): void;
  /** More waits than may. */
  overloaded(): void;
}

/**
 * What a link sends. The first frame of a turn of the event loop goes out at once, those after it
 * together at the turn's end; what the channel has no room for waits here, within limits.
 */
export class Outbox {
  readonly #clock: Clock;
  readonly #owner: OutboxOwner;
  #channel: Channel;
  #waiting: Uint8Array[] = [];
  #waitingBytes = 0;
  #bytesSent = 0;
  #turnTaken = false;
  #drainWanted = false;
  #isClosed = false;

  constructor(channel: Channel, clock: Clock, owner: OutboxOwner) {
    this.#channel = channel;
    this.#clock = clock;
    this.#owner = owner;
  }

  /** Where it sends. */
  get channel(): Channel {
    return this.#channel;
  }

  get full(): boolean {
    const full = this.#channel.full || this.#waitingBytes >= coalesceBytesMax;
    if (full) this.#drainWanted = true;
    return full;
  }

  /** What was given to it so far, bytes. */
  get bytesSent(): number {
    return this.#bytesSent;
  }

  /** What waits, bytes. */
  get waitingBytes(): number {
    return this.#waitingBytes;
  }

  /** Sends frames; answers whether there is room for more. */
  push(frames: Uint8Array): boolean {
    if (this.#isClosed) return true;
    this.#waiting.push(frames);
    this.#waitingBytes += frames.byteLength;
    this.#bytesSent += frames.byteLength;
    if (this.#channel.full) {
      if (this.#waitingBytes > linkBacklogBytesMax) this.#owner.overloaded();
    } else if (!this.#turnTaken) {
      this.#turnTaken = true;
      this.#clock.soon(() => this.#endTurn());
      this.#flush();
    } else if (this.#waitingBytes >= coalesceBytesMax) {
      this.#flush();
    }
    return !this.full;
  }

  /** Sends the last frame over this channel and all that waits before it, whether or not there is room. */
  pushLast(last: Uint8Array): void {
    this.#waiting.push(last);
    this.#flush();
  }

  /** Sends over another channel from now on. */
  switchTo(channel: Channel): void {
    this.#channel = channel;
    this.drained();
  }

  /** The channel has room again. */
  drained(): void {
    if (this.#isClosed) return;
    if (!this.#channel.full) this.#flush();
    if (!this.#drainWanted || this.full) return;
    this.#drainWanted = false;
    this.#owner.drained();
  }

  /** Sends nothing any more. */
  close(): void {
    this.#isClosed = true;
    this.#waiting = [];
    this.#waitingBytes = 0;
  }

  #endTurn(): void {
    this.#turnTaken = false;
    if (!this.#isClosed && !this.#channel.full) {
      this.#flush();
      this.drained();
    }
  }

  /** Writes all that waits, small pieces joined and large ones as they are. */
  #flush(): void {
    const waiting = this.#waiting;
    if (waiting.length === 0) return;
    this.#waiting = [];
    this.#waitingBytes = 0;
    let from = 0;
    let bytes = 0;
    for (let index = 0; index < waiting.length; index++) {
      const size = waiting[index]?.byteLength ?? 0;
      if (bytes > 0 && bytes + size > coalesceBytesMax) {
        this.#write(waiting.slice(from, index));
        from = index;
        bytes = 0;
      }
      bytes += size;
    }
    this.#write(from === 0 ? waiting : waiting.slice(from));
  }

  #write(pieces: readonly Uint8Array[]): void {
    const [first] = pieces;
    if (first === undefined) return;
    this.#channel.write(pieces.length === 1 ? first : concatBytes(...pieces));
  }
}
