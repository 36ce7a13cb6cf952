import { z } from "zod";

/** The environment variable that holds the group's key. */
export const keyVariable = "MOSAIK_DEMO_GROUP_KEY";

/** What the supervisor tells a process it started. */
export const Command = z.object({
  kind: z.enum([
    /** Cut the node off from the network. */
    "partition",
    /** Undo that. */
    "heal",
    /** A slow reader: read as fast as items come from now on. */
    "hurry",
    /** Say goodbye and end. */
    "leave",
  ]),
});
/** See {@link Command}. */
export type Command = z.infer<typeof Command>;

/** What a process tells its supervisor. */
export const Notice = z.discriminatedUnion("kind", [
  /** Its node is up: it can be dialled at the address. */
  z.object({
    kind: z.literal("listening"),
    peer: z.string().length(64),
    address: z.string(),
  }),
  z.object({ kind: z.literal("failed"), reason: z.string() }),
]);
/** See {@link Notice}. */
export type Notice = z.infer<typeof Notice>;
