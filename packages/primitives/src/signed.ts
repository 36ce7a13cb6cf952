import { concatBytes, encodeUtf8 } from "./bytes.ts";
import type { CodecErrorCode } from "./codec/codec.ts";
import { MosaikError } from "./error.ts";
import type { Ed25519, Identity } from "./identity.ts";
import { decodeId, encodeId, type PeerId } from "./ids.ts";
import type { Message, MessageErrorCode } from "./message.ts";
import { fail, ok, type Result } from "./result.ts";

/** A message that its author signed, with the very bytes that were signed. */
export interface Signed<Value> {
  readonly value: Value;
  /** Who signed it. */
  readonly signer: PeerId;
  /** Signer (32 bytes), signature (64 bytes) and the message: pass these on as they are. */
  readonly bytes: Uint8Array;
}

/** Why signed bytes were refused. */
export type SignedErrorCode = MessageErrorCode | "SIGNATURE_INVALID";

const headBytes = 32 + 64;

/**
 * Signs a value. The signature covers the message's name, so it is worthless under another.
 *
 * @throws MosaikError with `MESSAGE_TOO_LARGE`, or a code of {@link CodecErrorCode}.
 */
export function signMessage<Value>(
  message: Message<Value>,
  value: Value,
  identity: Identity,
): Signed<Value> {
  const payload = message.encode(value);
  const signature = identity.sign(signedBytes(message.name, payload));
  return {
    value,
    signer: identity.peer,
    bytes: concatBytes(encodeId(identity.peer), signature, payload),
  };
}

/** Checks the signature, then decodes. Total: never throws. */
export function openSigned<Value>(
  message: Message<Value>,
  bytes: Uint8Array,
  ed25519: Ed25519,
): Result<Signed<Value>, MosaikError<SignedErrorCode>> {
  const size = `${bytes.byteLength} bytes are no signed ${message.name}`;
  if (bytes.byteLength < headBytes) return fail(new MosaikError("MESSAGE_MALFORMED", size));
  if (bytes.byteLength > headBytes + message.bytesMax) {
    return fail(new MosaikError("MESSAGE_TOO_LARGE", size));
  }
  const signer = decodeId<PeerId>(bytes.subarray(0, 32));
  const payload = bytes.subarray(headBytes);
  const covered = signedBytes(message.name, payload);
  if (!ed25519.verify(signer, covered, bytes.subarray(32, headBytes))) {
    return fail(new MosaikError("SIGNATURE_INVALID", `the signature of ${message.name} is wrong`));
  }
  const decoded = message.decode(payload);
  return decoded.ok ? ok({ value: decoded.value, signer, bytes }) : decoded;
}

function signedBytes(domain: string, payload: Uint8Array): Uint8Array {
  const name = encodeUtf8(domain);
  return concatBytes(Uint8Array.of(name.byteLength), name, payload);
}
