/** What the processes of the bench of diagnostics are asked. */
export interface Calls {
  /** Starts a node; answers where others find it, and who it is. */
  readonly open: {
    readonly ask: {
      readonly seeds: readonly string[];
      readonly as: "producer" | "consumer";
      /** Whether inspectors are answered. */
      readonly diagnostics: boolean;
    };
    readonly answer: { readonly address: string; readonly peer: string };
  };
  /** Sends items for a while, as many as go. */
  readonly flow: { readonly ask: { readonly ms: number }; readonly answer: Flow };
  /** Does nothing of its own for a while; answers the share of a processor that this took. */
  readonly rest: { readonly ask: { readonly ms: number }; readonly answer: number };
  /** Connects so many others with a node, each ready to look into it. */
  readonly connect: {
    readonly ask: {
      readonly address: string;
      readonly peer: string;
      readonly inspectors: number;
    };
    readonly answer: null;
  };
  /** Has them look. `calm`: once a second. `greedy`: as often as they are let, everything. */
  readonly look: { readonly ask: { readonly as: "calm" | "greedy" }; readonly answer: null };
  /** Ends that; answers how many answers they had, events aside. */
  readonly stopLooking: { readonly ask: null; readonly answer: number };
  /** They leave. */
  readonly disconnect: { readonly ask: null; readonly answer: null };
}

/** What went through a stream. */
export interface Flow {
  readonly items: number;
  readonly ms: number;
  /** Processor time of the producer's process. */
  readonly cpuMs: number;
}
