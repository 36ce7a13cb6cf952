import { decodeUtf8, encodeUtf8 } from "@mosaik/primitives";
import { defineMachine } from "mosaik";

/** What the group of the tests' cluster replicates: a sum. */
export const Counter = defineMachine({
  name: "counter",
  create: () => {
    let total = 0;
    return {
      apply: (command: { readonly add: number }) => {
        total += command.add;
        return total;
      },
      query: (_: "total") => total,
      snapshot: () => [encodeUtf8(String(total))],
      restore: (chunk) => {
        total = Number(decodeUtf8(chunk));
      },
    };
  },
});
