import type { Message, PeerId } from "@mosaik/primitives";
import type { CloseReason, CommonReason, ReasonTable } from "./close-reason.ts";

/** A kind of conversation between two peers, typed. */
export interface Protocol<Value, Reasons extends ReasonTable = ReasonTable> {
  /** On the wire: `/mosaik/<name>/<version>`. Peers that differ in it do not talk. */
  readonly id: string;
  /** What is said. */
  readonly message: Message<Value>;
  /** Larger data frames are neither sent nor accepted. */
  readonly dataBytesMax: number;
  /** Whether it may run through a relay that counts bytes and minutes. */
  readonly light: boolean;
  /** Its own close reasons. */
  readonly reasons: Reasons;
}

/**
 * Declares a protocol: length-framed messages of one schema, optionally beside frames of raw data.
 *
 * @throws `RangeError` where the name is not lower-case words, or a reason's number is below 100.
 * @example
 * ```ts
 * import { defineMessage } from "@mosaik/primitives";
 * import { defineProtocol } from "@mosaik/transport";
 * import * as v from "valibot";
 *
 * const Echo = defineProtocol({
 *   name: "example/echo",
 *   version: 1,
 *   message: defineMessage({ name: "echo", bytesMax: 1024, schema: v.string() }),
 * });
 * console.log(Echo.id); // /mosaik/example/echo/1
 * ```
 */
export function defineProtocol<
  Value,
  const Reasons extends ReasonTable = Record<never, number>,
>(init: {
  readonly name: string;
  readonly version: number;
  readonly message: Message<Value>;
  /** Default: 0, no data frames. */
  readonly dataBytesMax?: number;
  /**
   * Whether it says so little that it may run through a relay that counts bytes and minutes.
   * Default: `false`, it waits for a direct connection.
   */
  readonly light?: boolean;
  /** Default: none of its own. */
  readonly reasons?: Reasons;
}): Protocol<Value, Reasons> {
  if (!/^[a-z0-9-]+(\/[a-z0-9-]+)*$/.test(init.name)) {
    throw new RangeError(`'${init.name}' is no protocol name: use lower-case words and slashes`);
  }
  const reasons = init.reasons ?? ({} as Reasons); // the default of the type parameter
  for (const [name, code] of Object.entries(reasons)) {
    if (!Number.isInteger(code) || code < 100 || code > 0xffff) {
      throw new RangeError(`the close reason '${name}' needs a number from 100 to 65535`);
    }
  }
  return {
    id: `/mosaik/${init.name}/${init.version}`,
    message: init.message,
    dataBytesMax: init.dataBytesMax ?? 0,
    light: init.light ?? false,
    reasons,
  };
}

/**
 * One conversation of a protocol with a peer: ordered messages and data frames both ways. Its
 * listener is called synchronously, in order, and never after `closed`.
 */
export interface Link<Value, Reasons extends ReasonTable = ReasonTable> {
  /** Who is at the other end, authenticated. */
  readonly peer: PeerId;
  /** Smoothed round-trip time of the connection under it, milliseconds. */
  readonly rttMs: number;
  /** Who opened it. */
  readonly direction: "inbound" | "outbound";
  /** Whether the buffers below are full: wait for `drained` before sending bulk. */
  readonly full: boolean;
  /** Whether it has ended. */
  readonly closed: boolean;
  /**
   * Sends a message. Messages of one turn of the event loop go out together. Always accepted;
   * returns `false` where the buffers below are full now. Ignored once the link has ended.
   *
   * @throws MosaikError with `MESSAGE_TOO_LARGE`.
   */
  send(value: Value): boolean;
  /**
   * Sends data frames that are framed already (see {@link writeFrameHeader}); the bytes may be shared by
   * several links and must not change afterwards. Otherwise as `send`.
   */
  sendData(frames: Uint8Array): boolean;
  /** Sets who is told; called once, at once. What came before waits for it. */
  listen(listener: LinkListener<Value>): void;
  /** Sends what was given, tells the other end why, and ends the link. Idempotent. */
  close(reason?: CommonReason | (keyof Reasons & string), text?: string): void;
}

/** What a link tells its user. */
export interface LinkListener<Value> {
  /** A message arrived. */
  message(value: Value): void;
  /**
   * `count` data frames arrived, whole and side by side in `frames`, each a 4-byte header and its
   * payload; walk them with {@link frameLength}. Not given: data frames are a protocol violation.
   */
  data?(frames: Uint8Array, count: number): void;
  /** There is room again after a send that returned `false`. */
  drained?(): void;
  /** The link is over, and why. Called exactly once, also after our own `close`. */
  closed(reason: CloseReason): void;
}
