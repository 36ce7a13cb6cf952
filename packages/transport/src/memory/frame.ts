import type { PeerId } from "@mosaik/primitives";

/** Why a channel is not opened. */
export type ChannelRefusal = "CHANNEL_UNSUPPORTED_PROTOCOL" | "NETWORK_NO_CAPACITY";

/** What the two ends of a connection say to each other. Nothing is encoded: it is one process. */
export type Frame =
  /** The first: asks for a connection, with a given peer where one is named. */
  | { readonly kind: "connect"; readonly expected: PeerId | undefined }
  | { readonly kind: "accept" }
  | { readonly kind: "refuse"; readonly reason: string }
  | ChannelFrame
  /** All was sent; the other end answers `closed` and is done. */
  | { readonly kind: "close" }
  | { readonly kind: "closed" }
  /** The connection was cut. */
  | { readonly kind: "reset" };

/** What concerns one channel. */
export type ChannelFrame =
  | { readonly kind: "open"; readonly channel: number; readonly protocol: string }
  | { readonly kind: "opened"; readonly channel: number }
  | { readonly kind: "refuse-open"; readonly channel: number; readonly code: ChannelRefusal }
  | { readonly kind: "data"; readonly channel: number; readonly bytes: Uint8Array }
  /** Bytes were taken: there is room for as many more. */
  | { readonly kind: "credit"; readonly channel: number; readonly count: number }
  /** All was sent; the channel is over once both ends have said so. */
  | { readonly kind: "end"; readonly channel: number }
  | { readonly kind: "abort"; readonly channel: number };
