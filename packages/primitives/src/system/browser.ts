import { ed25519 as curve } from "@noble/curves/ed25519.js";
import type { Clock } from "../clock.ts";
import type { Ed25519 } from "../identity.ts";
import { encodeId, isId, peerId } from "../ids.ts";
import type { Random } from "../random.ts";
import { pooledRandom } from "./pooled-random.ts";
import { startTimer } from "./timer.ts";

/** The 32-byte SHA-256 of bytes: platforms of browsers have none that answers at once. */
export { sha256 } from "../digest.ts";

// By RFC 8032, as OpenSSL does it: no key of small order, no number in two forms.
const strict = { zip215: false };

/** Ed25519 by `@noble/curves`. */
export const ed25519: Ed25519 = {
  identity(secretKey) {
    if (secretKey.byteLength !== 32) throw new RangeError("a secret key has 32 bytes");
    const secret = Uint8Array.from(secretKey);
    return {
      peer: peerId(curve.getPublicKey(secret)),
      sign: (bytes) => curve.sign(bytes, secret),
      exportSecretKey: () => Uint8Array.from(secret),
    };
  },
  verify(peer, bytes, signature) {
    try {
      return isId(peer) && curve.verify(signature, bytes, encodeId(peer), strict);
    } catch {
      return false; // no point of the curve, or a signature of another length
    }
  },
};

/** `getRandomValues` fills no more at once. */
const fillBytesMax = 65_536;
const waiting: (() => void)[] = [];
let turns: MessagePort | undefined;

/** A port whose every message runs what waits longest, in a turn of the event loop of its own. */
function openTurns(): MessagePort {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => waiting.shift()?.();
  return port2;
}

/** The clock of the machine. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after: startTimer,
  soon(run) {
    turns ??= openTurns();
    waiting.push(run);
    turns.postMessage(null);
  },
};

/** Randomness of the browser. */
export const systemRandom: Random = pooledRandom((bytes) => {
  for (let at = 0; at < bytes.length; at += fillBytesMax) {
    crypto.getRandomValues(bytes.subarray(at, at + fillBytesMax));
  }
});
