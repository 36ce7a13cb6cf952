/** What a coordinator may ask of a process, by the name of the call, and what it is answered. */
export type CallTable<Table> = {
  readonly [Name in keyof Table]: { readonly ask: unknown; readonly answer: unknown };
};

/** How a process answers the calls of a table. */
export type Answers<Table extends CallTable<Table>> = {
  readonly [Name in keyof Table]: (ask: Table[Name]["ask"]) => Promise<Table[Name]["answer"]>;
};

/** From the coordinator. `alive`: it is still there. `stop`: the process ends itself, in order. */
export type ToWorker =
  | { readonly kind: "call"; readonly id: number; readonly name: string; readonly ask: unknown }
  | { readonly kind: "alive" }
  | { readonly kind: "stop" };

/** To the coordinator. */
export type FromWorker =
  | { readonly kind: "answer"; readonly id: number; readonly answer: unknown }
  | { readonly kind: "failure"; readonly id: number; readonly error: string };

/** The coordinator says this often that it is there. */
export const aliveIntervalMs = 2_000;
/** A process looks this often whether it heard of its coordinator. */
export const aloneLookMs = 5_000;
/** After so many looks in vain it ends itself. */
export const aloneLooks = 6;
/** A call that takes longer has failed. */
export const callTimeoutMs = 120_000;
