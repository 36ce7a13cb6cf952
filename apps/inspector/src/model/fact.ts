import type { CatalogEntry } from "@mosaik/discovery";
import { type Delta, NodeSection, type Plain } from "@mosaik/transport";
import * as v from "valibot";

/** How far the inside view of a peer has come. */
export type Access =
  | { readonly state: "opening" }
  | {
      readonly state: "open";
      readonly grant: "read" | "write";
      readonly sections: readonly string[];
    }
  /** It cannot be had now, and why; `refused` where the peer does not let us. */
  | { readonly state: "failed"; readonly code: string; readonly why: string };

/** The part of a catalog entry that is told. */
export type Entry = Pick<CatalogEntry, "tags" | "addresses" | "offers" | "signedAt">;

/**
 * What the inspector learned, when: `at` is its own wall clock, milliseconds. A run of facts makes a
 * snapshot, whether they are live or from a recording.
 */
export type Fact = { readonly at: number } & (
  | { readonly kind: "began"; readonly network: string; readonly me: string }
  /** How many connections the inspector itself has: none, and all else is old. */
  | { readonly kind: "reach"; readonly connections: number }
  | { readonly kind: "entry"; readonly peer: string; readonly entry: Entry }
  | { readonly kind: "left"; readonly peer: string; readonly reason: string }
  | { readonly kind: "access"; readonly peer: string; readonly access: Access }
  | {
      readonly kind: "section";
      readonly peer: string;
      readonly name: string;
      readonly delta: Delta;
    }
  | Happened
);

/** An event that a node told of. `happenedAt` is by the node's wall clock. */
export interface Happened {
  readonly at: number;
  readonly kind: "event";
  readonly peer: string;
  readonly sequence: number;
  readonly happenedAt: number;
  readonly name: string;
  readonly facts: Readonly<Record<string, string | number | boolean>>;
}

const text = v.string();
const at = { at: v.number() };
const plain = v.custom<Plain>(() => true); // checked by its section's schema when it is read
const delta: v.GenericSchema<Delta> = v.union([
  v.strictObject({ to: plain }),
  v.strictObject({
    gone: v.optional(v.array(text)),
    parts: v.record(
      text,
      v.lazy(() => delta),
    ),
  }),
]);
const access = v.variant("state", [
  v.object({ state: v.literal("opening") }),
  v.object({
    state: v.literal("open"),
    grant: v.picklist(["read", "write"]),
    sections: v.array(text),
  }),
  v.object({ state: v.literal("failed"), code: text, why: text }),
]);
const entry = v.object({
  tags: v.array(text),
  addresses: v.array(text),
  offers: v.record(text, v.array(text)),
  signedAt: v.number(),
});

/** What a line of a recording looks like. */
export const FactSchema: v.GenericSchema<unknown, Fact> = v.variant("kind", [
  v.object({ ...at, kind: v.literal("began"), network: text, me: text }),
  v.object({ ...at, kind: v.literal("reach"), connections: v.number() }),
  v.object({ ...at, kind: v.literal("entry"), peer: text, entry }),
  v.object({ ...at, kind: v.literal("left"), peer: text, reason: text }),
  v.object({ ...at, kind: v.literal("access"), peer: text, access }),
  v.object({ ...at, kind: v.literal("section"), peer: text, name: text, delta }),
  v.object({
    ...at,
    kind: v.literal("event"),
    peer: text,
    sequence: v.number(),
    happenedAt: v.number(),
    name: text,
    facts: v.record(text, v.union([text, v.number(), v.boolean()])),
  }),
]);

/** The section by which a node tells its name and clock: always followed. */
export const nodeSection: string = NodeSection.name;
