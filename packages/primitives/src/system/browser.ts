import { ed25519 as curve } from "@noble/curves/ed25519.js";
import type { Clock } from "../clock.ts";
import type { Ed25519 } from "../identity.ts";
import { encodeId, peerId } from "../ids.ts";
import type { Random } from "../random.ts";

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
      return curve.verify(signature, bytes, encodeId(peer));
    } catch {
      return false; // not a point of the curve, or a signature of another length
    }
  },
};

const turns = new MessageChannel();
const waiting: (() => void)[] = [];
turns.port1.onmessage = () => waiting.shift()?.();

/** The clock of the machine. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after(ms, run) {
    const timer = setTimeout(run, ms);
    return { cancel: () => clearTimeout(timer) };
  },
  soon(run) {
    waiting.push(run);
    turns.port2.postMessage(null);
  },
};

/** Randomness of the browser. */
export const systemRandom: Random = {
  next: () => Math.random(),
  bytes: (count) => crypto.getRandomValues(new Uint8Array(count)),
};
