import { deriveKey, encodeUtf8 } from "@mosaik/primitives";
import { inspectionKeyMin } from "./config.ts";
import type { Grant } from "./diagnostics.ts";

/** Keys as people have them, by what they are for. */
export type InspectionKeys = { readonly [G in Grant]?: string | undefined };

/**
 * A key, where it is one.
 *
 * @throws `RangeError` where it could be guessed; the message does not have it.
 */
export function checkedKey(text: string): string {
  if (text.length < inspectionKeyMin) {
    throw new RangeError(`an inspection key has at least ${inspectionKeyMin} characters`);
  }
  return text;
}

/**
 * What proofs are made with.
 *
 * @throws as {@link checkedKey}.
 */
export function proofKey(text: string | undefined): Uint8Array | undefined {
  if (text === undefined) return undefined;
  return deriveKey(encodeUtf8(checkedKey(text)), "mosaik/inspection/1");
}

/** The key to show for a grant: whoever may write may read. */
export function keyFor(grant: Grant, keys: InspectionKeys): string | undefined {
  return grant === "read" ? (keys.read ?? keys.write) : keys.write;
}
