import type { CloseReason } from "../close-reason.ts";
import { TransportError } from "../errors.ts";

const admissionErrors = {
  "different-network": ["NETWORK_DIFFERENT", "the other end is of another network", false],
  "wrong-secret": ["NETWORK_WRONG_SECRET", "the two ends have different network secrets", false],
  incompatible: ["NETWORK_INCOMPATIBLE", "the other end speaks no version we know", false],
  timeout: ["NETWORK_HANDSHAKE_TIMEOUT", "the other end did not complete the handshake", true],
  overloaded: ["NETWORK_NO_CAPACITY", "the other end has no room", true],
} as const;

/** What whoever dialled is told when a connection ends before it was admitted. */
export function admissionError(reason: CloseReason): TransportError {
  const known = Object.entries(admissionErrors).find(([name]) => name === reason.name)?.[1];
  const [code, message, retryable] = known ?? ["CHANNEL_CLOSED", "the connection closed", true];
  return new TransportError(code, message, { retryable, data: { reason } });
}
