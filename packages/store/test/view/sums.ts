import { defineStream } from "@mosaik/streams";
import { z } from "zod";
import { defineView } from "../../src/index.ts";

/** Numbers. */
export const Count = defineStream("saved count", { schema: z.number() });

/** A view of their sums, in a thousand entries of some size; and what was folded. */
export function sums(version = 1) {
  const folded: number[] = [];
  const view = defineView({
    name: "saved sums",
    version,
    from: Count,
    key: (n) => `${n % 1_000}`.padEnd(200, "."),
    initial: () => 0,
    reduce: (sum, n) => {
      folded.push(n);
      return sum + n;
    },
  });
  return { view, folded };
}
