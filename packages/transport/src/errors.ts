import { MosaikError } from "@mosaik/primitives";

/** What can go wrong in `@mosaik/transport`. */
export type TransportErrorCode =
  /** The network was closed, or is closing. */
  | "NETWORK_CLOSED"
  /** A service needs another one that was not given; `data.service`, `data.missing`. */
  | "NETWORK_SERVICE_MISSING"
  /** Services need each other in a circle; `data.services`. */
  | "NETWORK_SERVICE_CYCLE"
  /** A service has a name that the network itself uses; `data.service`. */
  | "NETWORK_NAME_RESERVED"
  /** A service failed to start; `cause` says why. */
  | "NETWORK_SERVICE_FAILED"
  /** A listen address cannot be had: port taken, or no such interface. */
  | "NETWORK_LISTEN_FAILED"
  /** A seed or listen address is not of a known form; `data.address`. */
  | "NETWORK_BAD_ADDRESS"
  /** An invite is not of a known form, or is for another network. */
  | "NETWORK_BAD_INVITE"
  /**
   * No address of the peer answered; `data.attempts` has `{ address, reason }` for each, in the
   * order tried. Retryable.
   */
  | "NETWORK_UNREACHABLE"
  /** No address of the peer is known. Retryable. */
  | "NETWORK_UNKNOWN_PEER"
  /** The other end is of another network. */
  | "NETWORK_DIFFERENT"
  /** The other end does not know the network's secret, or we do not. */
  | "NETWORK_WRONG_SECRET"
  /** The other end did not complete the handshake in time. Retryable. */
  | "NETWORK_HANDSHAKE_TIMEOUT"
  /** The other end speaks another version of the control protocol. */
  | "NETWORK_INCOMPATIBLE"
  /** Another page of the origin has the identity. Retryable once that has gone. */
  | "IDENTITY_TAKEN"
  /** A page may not keep an identity: it is not of https, or may not store anything; `cause`. */
  | "IDENTITY_UNAVAILABLE"
  /** A connection or channel limit is reached, here or there. Retryable. */
  | "NETWORK_NO_CAPACITY"
  /** The peer does not serve the protocol; `data.protocol`. */
  | "CHANNEL_UNSUPPORTED_PROTOCOL"
  /** The channel closed before the operation was done; `data.reason`. Retryable. */
  | "CHANNEL_CLOSED"
  /**
   * The connection goes through a relay that counts bytes and minutes, and the protocol is not for
   * such; `data.protocol`. Retryable: a direct one may come.
   */
  | "CHANNEL_LIMITED"
  /** The peer does not let us inspect it, or do that. */
  | "DIAGNOSTICS_REFUSED"
  /** The peer has no such section or action, or another version of it. */
  | "DIAGNOSTICS_UNKNOWN"
  /** What was asked, or what was answered, does not fit the section. */
  | "DIAGNOSTICS_MALFORMED"
  /** The peer failed while it answered. */
  | "DIAGNOSTICS_FAILED"
  /** The answer does not fit into a message: ask for a part. */
  | "DIAGNOSTICS_TOO_LARGE"
  /** Too much is asked at once. Retryable. */
  | "DIAGNOSTICS_BUSY"
  /** A frame is larger than the protocol allows. */
  | "CHANNEL_FRAME_TOO_LARGE";

/** A failure of the network itself. */
export class TransportError extends MosaikError<TransportErrorCode> {
  override readonly name: string = "TransportError";
}
