import type { ConnectionEncrypter, MessageStream, SecuredConnection } from "@libp2p/interface";
import type { Uint8ArrayList } from "uint8arraylist";
import { joinedBytesMax } from "./config.ts";
import { WindowUpdates } from "./window-updates.ts";
import { WriteQueue } from "./write-queue.ts";

/**
 * Wraps a maker of encrypters so that the frames a muxer writes within one turn are encrypted and
 * sent together. Nothing changes on the wire but the sizes of records.
 */
export function coalesced<Components>(
  makeEncrypter: (components: Components) => ConnectionEncrypter,
): (components: Components) => ConnectionEncrypter {
  return (components) => {
    const encrypter = makeEncrypter(components);
    return {
      protocol: encrypter.protocol,
      secureInbound: async (stream, options) =>
        wrap(await encrypter.secureInbound(stream, options)),
      secureOutbound: async (stream, options) =>
        wrap(await encrypter.secureOutbound(stream, options)),
    };
  };
}

function wrap(secured: SecuredConnection): SecuredConnection {
  coalesceWrites(secured.connection);
  return secured;
}

/**
 * Replaces the `send` of a stream by one that gathers what is sent until the turn is over or there
 * is enough of it; what says no more than that there is room waits longer. What the stream has no
 * room for waits here, not in the stream's own buffer.
 */
export function coalesceWrites(stream: MessageStream): void {
  const send = stream.send.bind(stream);
  const queue = new WriteQueue();
  const updates = new WindowUpdates();
  let scheduled = false;

  const flush = (): void => {
    scheduled = false;
    for (const frame of updates.take()) queue.push(frame);
    try {
      while (!stream.writableNeedsDrain) {
        const piece = queue.take();
        if (piece === undefined) return;
        send(piece);
      }
    } catch {
      queue.clear(); // the stream has closed and tells its listeners so itself
    }
  };

  stream.send = (data: Uint8Array | Uint8ArrayList): boolean => {
    if (data instanceof Uint8Array) {
      if (updates.hold(data)) return !stream.writableNeedsDrain;
      queue.push(data);
    } else for (const buffer of data) queue.push(buffer);
    if (queue.byteLength >= joinedBytesMax) flush();
    else if (!scheduled) {
      scheduled = true;
      queueMicrotask(flush);
    }
    return !stream.writableNeedsDrain;
  };

  stream.addEventListener("drain", (event) => {
    flush();
    if (stream.writableNeedsDrain) event.stopImmediatePropagation();
  });
}
