import { decodeUtf8, encodeUtf8 } from "@mosaik/primitives";
import { defineMachine, defineMap, defineStream, rawCodec } from "mosaik";
import { z } from "zod";

/** What the process counts. */
export const Ticks = defineStream("ticks", { schema: z.object({ n: z.number() }) });
/** What the page says. */
export const Words = defineStream("words", { schema: z.object({ text: z.string() }) });

/** What the process sees, and when, wall-clock milliseconds. */
export const Seen = defineStream("seen", {
  schema: z.object({ what: z.string(), at: z.number() }),
});
/** Notes that pages and processes share. */
export const Notes = defineMap({
  name: "notes",
  durability: "memory",
  key: z.string(),
  value: z.string(),
});
/** The word at which the leader of the group goes. */
export const resign = "the leader goes";

/** A sum that everybody may add to. */
export const Sum = defineMachine({
  name: "sum",
  command: z.object({ add: z.number() }),
  create: () => {
    let total = 0;
    return {
      apply: ({ add }): number => (total += add),
      query: (_: "total"): number => total,
      snapshot: () => [encodeUtf8(String(total))],
      restore: (chunk) => {
        total = Number(decodeUtf8(chunk));
      },
    };
  },
});

/** What pages send each other. */
export const Blocks = defineStream("blocks", { codec: rawCodec, schema: z.instanceof(Uint8Array) });
