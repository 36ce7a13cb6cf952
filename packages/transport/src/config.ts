/** Limits and timings of a node's connections; each has a default. */
export interface ConnectionOptions {
  /** A dial, the transport's part of it, ends after this. Too small: far peers are never reached. */
  readonly dialTimeoutMs?: number;
  /** From the connection's start to admission. Too large: strangers hold places for longer. */
  readonly handshakeTimeoutMs?: number;
  /** How often a connection is asked for a sign of life. Too small: idle traffic. */
  readonly pingIntervalMs?: number;
  /** Without a sign of life for this long a connection is lost. Too small: a busy peer looks dead. */
  readonly silenceMaxMs?: number;
  /** A connection without a link for this long is closed by the side that dialled. */
  readonly idleMs?: number;
  /**
   * Of two peers, the one with the greater id waits this long for the other to dial. Too small: pairs
   * that want each other at once connect twice; too large: a link that only one wants comes late.
   */
  readonly courtesyMs?: number;
  /** Connections in all, those of strangers included. More are refused. */
  readonly connectionsMax?: number;
  /** Channels that may wait for the admission of their connection. More are refused. */
  readonly waitingChannelsMax?: number;
}

/** What holds where nothing else is said. */
export const connectionDefaults: Required<ConnectionOptions> = {
  dialTimeoutMs: 5_000,
  handshakeTimeoutMs: 5_000,
  pingIntervalMs: 1_500,
  silenceMaxMs: 5_000,
  idleMs: 60_000,
  courtesyMs: 150,
  connectionsMax: 1_024,
  waitingChannelsMax: 16,
};

/** Written at most this many bytes at once where small frames are joined: what a TLS record holds. */
export const coalesceBytesMax = 65_000;

/** Messages may wait in a link up to this; a link that needs more is closed as `overloaded`. */
export const linkBacklogBytesMax = 16 * 1024 * 1024;

/** A link that was closed gives the other end this long to take what was sent. */
export const linkCloseTimeoutMs = 5_000;

/** A better connection is sought first after this, then ever more rarely, milliseconds. */
export const betterFirstMs = 2_000;
export const betterFactor = 2;
export const betterLongestMs = 300_000;

/** A network secret shorter than this could be guessed, so it is refused. */
export const secretBytesMin = 16;
