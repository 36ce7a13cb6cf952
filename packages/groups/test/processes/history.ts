import type { RegisterInput } from "@mosaik/testing";

/** What a client did and what it was told. Times in ms of one clock. */
export interface Act {
  /** Unlike that of any other. */
  readonly operation: number;
  readonly client: number;
  readonly key: number;
  readonly input: RegisterInput;
  readonly calledAt: number;
  readonly outcome:
    | { readonly kind: "acknowledged"; readonly returnedAt: number; readonly value: number }
    /** It was said that it was not carried out, and never will be. */
    | { readonly kind: "refused" }
    | { readonly kind: "unknown" };
}
