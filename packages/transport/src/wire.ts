import { defineMessage } from "@mosaik/primitives";
import * as v from "valibot";
import { defineProtocol } from "./protocol.ts";

const bytes32 = v.pipe(v.instance(Uint8Array), v.length(32));
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

/** What the two ends of a connection say to each other about the connection itself. */
export type ControlMessage =
  /** The dialler begins. */
  | { readonly kind: "hello"; readonly network: Uint8Array; readonly nonce: Uint8Array }
  /** The other end answers and proves that it knows the secret. */
  | {
      readonly kind: "challenge";
      readonly network: Uint8Array;
      readonly nonce: Uint8Array;
      readonly proof: Uint8Array;
    }
  /** The dialler proves it, too. */
  | { readonly kind: "proof"; readonly proof: Uint8Array }
  /** Both are admitted. */
  | { readonly kind: "welcome" }
  | { readonly kind: "ping"; readonly id: number }
  | { readonly kind: "pong"; readonly id: number };

/** The control protocol: one link a connection, opened by the dialler, open as long as it. */
export const ControlProtocol = defineProtocol<ControlMessage>({
  name: "control",
  version: 1,
  light: true,
  message: defineMessage<ControlMessage>({
    name: "mosaik/control",
    bytesMax: 256,
    schema: v.variant("kind", [
      v.strictObject({ kind: v.literal("hello"), network: bytes32, nonce: bytes32 }),
      v.strictObject({
        kind: v.literal("challenge"),
        network: bytes32,
        nonce: bytes32,
        proof: bytes32,
      }),
      v.strictObject({ kind: v.literal("proof"), proof: bytes32 }),
      v.strictObject({ kind: v.literal("welcome") }),
      v.strictObject({ kind: v.literal("ping"), id: count }),
      v.strictObject({ kind: v.literal("pong"), id: count }),
    ]),
  }),
});
