/** Writers of a store, each a process, that found it together. */
export const writersCount = 3;

/** What the processes of a store are asked. */
export interface Calls {
  /** Starts a node and opens the store; answers where others find it. */
  readonly open: {
    readonly ask: {
      readonly key: string;
      readonly seeds: readonly string[];
      readonly as: "writer" | "reader";
      /** Whether with the short timings of one data centre, under which a busy leader is soon lost. */
      readonly lan: boolean;
    };
    readonly answer: string;
  };
  /** Loads and runs the code of a node once, apart from the store. */
  readonly warm: { readonly ask: null; readonly answer: null };
  /** Does nothing but compute for so long. */
  readonly compute: { readonly ask: { readonly ms: number }; readonly answer: null };
  /** Waits until it is online with all writers; answers its role. */
  readonly online: { readonly ask: null; readonly answer: string };
  /** Writes entries up to a count; answers the version. */
  readonly fill: { readonly ask: { readonly entries: number }; readonly answer: number };
  /** Waits for a version; answers how many entries there are. */
  readonly reach: { readonly ask: { readonly version: number }; readonly answer: number };
  /** Writes with so many on their way; answers writes a second. */
  readonly writes: {
    readonly ask: { readonly ms: number; readonly inFlight: number };
    readonly answer: number;
  };
  /** Reads entries from the local state; answers reads a second. */
  readonly reads: { readonly ask: { readonly ms: number }; readonly answer: number };
  /**
   * Writes at a rate, so many milliseconds or until it is told to rest; answers the times to their
   * answers, milliseconds.
   */
  readonly pace: {
    readonly ask: { readonly ms: number; readonly perSecond: number };
    readonly answer: readonly number[];
  };
  readonly rest: { readonly ask: null; readonly answer: null };
  /** How often it has ceased to lead since it was asked last. */
  readonly losses: { readonly ask: null; readonly answer: number };
  /** Waits until everything that was acknowledged is here; answers the milliseconds. */
  readonly live: { readonly ask: null; readonly answer: number };
  /** Takes snapshots of a state apart from the store. */
  readonly snapshot: { readonly ask: { readonly entries: number }; readonly answer: Snapshot };
}

/** What a snapshot of a state took. */
export interface Snapshot {
  /** The call that captures the state, microseconds: the median of some. */
  readonly captureUs: number;
  /** Making all chunks, milliseconds. */
  readonly chunksMs: number;
  readonly bytes: number;
  /** Memory above that of the state while chunks are made and let go of, bytes. */
  readonly peakBytes: number;
  /** Reading all chunks into another state, milliseconds. */
  readonly restoreMs: number;
}
