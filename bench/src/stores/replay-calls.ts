/** What the processes of a stream with history are asked. */
export interface ReplayCalls {
  /** Starts a node; answers where others find it. */
  readonly open: { readonly ask: { readonly seeds: readonly string[] }; readonly answer: string };
  /** Keeps a stream, and sends so many items on it. */
  readonly keep: {
    readonly ask: { readonly items: number; readonly bytes: number };
    readonly answer: null;
  };
  /** Sends items on the stream that nobody keeps, as fast as they are taken, once there is a consumer. */
  readonly send: {
    readonly ask: { readonly items: number; readonly bytes: number };
    readonly answer: null;
  };
  /** Takes so many items live; answers items a second, from the first on. */
  readonly live: { readonly ask: { readonly items: number }; readonly answer: number };
  /** Takes the last so many items of what is kept; answers items a second, from the call on. */
  readonly replay: { readonly ask: { readonly items: number }; readonly answer: number };
}
