import { defineMessage } from "@mosaik/primitives";
import { defineProtocol, type Link } from "@mosaik/transport";
import * as v from "valibot";
import { bondLimits, frameBytesMax } from "./config.ts";

const bytes32 = v.pipe(
  v.custom<Uint8Array>((input) => input instanceof Uint8Array, "not bytes"),
  v.length(32),
);

/** Dialler to acceptor, first: which group, by what the catalog says, and a fresh nonce. */
const Hello = v.strictObject({ kind: v.literal("hello"), announced: bytes32, nonce: bytes32 });

/** The acceptor's nonce. */
const Challenge = v.strictObject({ kind: v.literal("challenge"), nonce: bytes32 });

/** The dialler's proof, then the acceptor's. */
const Proof = v.strictObject({ kind: v.literal("proof"), proof: bytes32 });

/** Which incarnation the sender is, once both have proved that they know the key. */
const Introduction = v.strictObject({
  kind: v.literal("introduction"),
  incarnation: v.pipe(v.string(), v.regex(/^[^#]{1,64}$/)),
  memberKind: v.picklist(["data", "witness", "observer"]),
});

/** The peers that the sender has bonds with, whenever that changes. */
const Bonds = v.strictObject({
  kind: v.literal("bonds"),
  peers: v.pipe(v.array(bytes32), v.maxLength(bondLimits.bondsMax)),
});

const BondMessage = v.variant("kind", [Hello, Challenge, Proof, Introduction, Bonds]);

/** What is said on a bond as a message; the rest travels as data frames, see `core/frames.ts`. */
export type BondMessage = v.InferOutput<typeof BondMessage>;

/** One link a pair of members and group: first the handshake, then everything else. */
export const GroupProtocol = defineProtocol({
  name: "groups",
  version: 3,
  message: defineMessage<BondMessage>({
    name: "mosaik/groups",
    bytesMax: 16 * 1_024,
    schema: BondMessage,
  }),
  dataBytesMax: frameBytesMax,
  reasons: {
    /** The acceptor is in no such group, or the dialler is banned from it. */
    "not-found": 300,
    /** Another link between the two is the bond. */
    duplicate: 301,
    /** The proof was wrong. */
    "not-proven": 302,
    /** The peer is known to be a member that may not be bonded with. */
    "not-allowed": 303,
    /** The member left the group, or stopped. */
    left: 304,
  },
});

/** The link under a bond. */
export type GroupLink = Link<BondMessage, typeof GroupProtocol.reasons>;
