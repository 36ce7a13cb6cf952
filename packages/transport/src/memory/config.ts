import type { Clock, PeerId, Random } from "@mosaik/primitives";

/** How the links between nodes behave. */
export interface MemoryConditions {
  /**
   * How long bytes are on their way, milliseconds: from one number to another, drawn anew for what
   * is sent at one moment; or a function that says, for each pair. Their order stays.
   */
  readonly latencyMs: readonly [min: number, max: number] | ((from: PeerId, to: PeerId) => number);
  /** What a connection carries in each direction, bytes a second. */
  readonly bytesPerSecond: number;
  /** How likely a dial fails, 0 to 1. */
  readonly connectFailure: number;
  /** How likely a connection is lost at a write, 0 to 1. */
  readonly connectionLoss: number;
  /** How likely what arrives comes in two pieces instead of one, 0 to 1. */
  readonly split: number;
}

/** Ideal links: at once, without limit, without loss. */
export const idealConditions: MemoryConditions = {
  latencyMs: [0, 0],
  bytesPerSecond: Number.POSITIVE_INFINITY,
  connectFailure: 0,
  connectionLoss: 0,
  split: 0,
};

/** Where a memory network writes what is sent: the `Trace` of `@mosaik/testing` is one. */
export interface MemoryTrace {
  /** Adds something that happens now. */
  record(kind: string, from: string, to: string, bytes: Uint8Array): void;
}

/** What a memory network is made with: a clock, randomness, and conditions (default: ideal ones). */
export interface MemoryNetworkOptions extends Partial<MemoryConditions> {
  readonly clock: Clock;
  readonly random: Random;
  readonly trace?: MemoryTrace;
}

/** A channel is full when this many bytes were not yet taken at the other end; as yamux begins. */
export const windowBytes = 256 * 1024;
/** A dial without an answer fails after this: as long as TCP's first retries. */
export const dialTimeoutMs = 10_000;
/** A connection whose other end does not answer its close is cut after this. */
export const closeTimeoutMs = 5_000;
/** Connections of one transport: room for a full mesh of a thousand nodes, some twice. */
export const connectionsMax = 4096;
/** Channels of one connection. Lower than this starves nobody who speaks a few protocols. */
export const channelsMax = 1024;
