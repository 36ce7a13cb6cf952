import { defineMessage } from "@mosaik/primitives";
import * as v from "valibot";
import { defineProtocol, type Link } from "../protocol.ts";
import { diagnosticsLimits } from "./config.ts";
import type { Delta, Plain } from "./core/delta.ts";

const bytes32 = v.custom<Uint8Array>((it) => it instanceof Uint8Array && it.byteLength === 32);
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const version = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(0xffff));
const name = v.pipe(v.string(), v.minLength(1), v.maxLength(160));
const text = v.pipe(v.string(), v.maxLength(512));
const grant = v.picklist(["read", "write"]);
const plain = v.custom<Plain>(() => true); // what CBOR gives is plain; the section's schema checks it
const listed = v.pipe(
  v.array(v.strictObject({ name, version })),
  v.maxLength(diagnosticsLimits.sectionsMax),
);
const delta: v.GenericSchema<Delta> = v.union([
  v.strictObject({ to: plain }),
  v.strictObject({
    gone: v.optional(v.array(v.string())),
    parts: v.record(
      v.string(),
      v.lazy(() => delta),
    ),
  }),
]);
const event = v.strictObject({
  sequence: count,
  at: v.number(),
  name,
  facts: v.record(name, v.union([text, v.number(), v.boolean()])),
});

/** Why a request failed. */
export const failures = [
  /** There is no such section or action, or it has another version. */
  "unknown",
  /** The grant does not cover it. */
  "refused",
  /** What was asked does not fit. */
  "malformed",
  /** The node threw while it answered. */
  "failed",
  /** The answer is too large for one message: ask for a part. */
  "too-large",
  /** Too many requests at once. */
  "busy",
] as const;

const id = { id: count };
const schema = v.variant("kind", [
  // The inspector begins, and the node answers with a nonce of its own.
  v.strictObject({ kind: v.literal("hello"), nonce: bytes32 }),
  v.strictObject({ kind: v.literal("challenge"), nonce: bytes32 }),
  v.strictObject({ kind: v.literal("enter"), grant, proof: v.optional(bytes32) }),
  v.strictObject({ kind: v.literal("welcome"), grant, sections: listed, actions: listed }),
  // Requests.
  v.strictObject({ kind: v.literal("read"), ...id, name, version, query: v.optional(plain) }),
  v.strictObject({
    kind: v.literal("follow"),
    ...id,
    name,
    version,
    query: v.optional(plain),
    everyMs: count,
  }),
  v.strictObject({ kind: v.literal("act"), ...id, name, version, input: v.optional(plain) }),
  v.strictObject({ kind: v.literal("events"), ...id, after: count }),
  v.strictObject({ kind: v.literal("stop"), ...id }),
  // Answers.
  v.strictObject({ kind: v.literal("value"), ...id, value: v.optional(plain) }),
  v.strictObject({ kind: v.literal("delta"), ...id, delta }),
  v.strictObject({ kind: v.literal("happened"), ...id, missed: count, events: v.array(event) }),
  v.strictObject({ kind: v.literal("failed"), ...id, why: v.picklist(failures), text }),
]);

/** What inspectors and nodes say to each other. */
export type DiagnosticsMessage = v.InferOutput<typeof schema>;

/** Why an inspection ends, beside the common reasons. */
export const reasons = { refused: 100 } as const;

/** The protocol of inspections: the inspector opens the link. */
export const DiagnosticsProtocol = defineProtocol({
  name: "diagnostics",
  version: 1,
  light: true,
  message: defineMessage<DiagnosticsMessage>({
    name: "mosaik/diagnostics",
    bytesMax: diagnosticsLimits.messageBytesMax,
    schema,
  }),
  reasons,
});

/** A link of an inspection. */
export type DiagnosticsLink = Link<DiagnosticsMessage, typeof reasons>;
