import type { Result } from "@mosaik/primitives";

/** A decoder under test: whatever the bytes, it returns. */
export type Decode = (bytes: Uint8Array) => Result<unknown, Error>;

const guarded = [Object, Array, Function, String, Number, Map, Set, Date, Error, Uint8Array].map(
  (type) => type.prototype as object,
);
const kinds = new Set<unknown>([
  null,
  ...guarded,
  ...[RegExp, URL, Int8Array, Uint8ClampedArray, Int16Array, Uint16Array, Int32Array].map(proto),
  ...[Uint32Array, Float32Array, Float64Array, Buffer].map(proto),
]);
const untouched = guarded.map(describe);

/**
 * Decodes, and checks what every decoder promises: it returns; what it returns is made of the known
 * kinds of values only, has no forbidden key and no more parts than bytes; no prototype has changed.
 */
export function decodeTotally(decode: Decode, bytes: Uint8Array): boolean {
  const outcome = decode(bytes);
  if (outcome.ok) {
    const parts = countParts(outcome.value, bytes.byteLength);
    if (parts > Math.max(1, bytes.byteLength))
      throw new Error(`${bytes.byteLength} bytes made ${parts} parts`);
  } else if (!(outcome.error instanceof Error)) throw new Error("the failure is no error");
  for (let index = 0; index < guarded.length; index++) {
    const prototype = guarded[index];
    if (prototype !== undefined && describe(prototype) !== untouched[index]) {
      throw new Error(`a prototype has changed: ${describe(prototype)}`);
    }
  }
  return outcome.ok;
}

function describe(prototype: object): string {
  return Reflect.ownKeys(prototype).map(String).join();
}

function proto(type: { readonly prototype: object }): object {
  return type.prototype;
}

function countParts(value: unknown, budget: number): number {
  if (typeof value === "function" || typeof value === "symbol") throw new Error("code came out");
  if (typeof value !== "object" || value === null) return 1;
  if (budget < 0) throw new Error("more parts than bytes, or a cycle");
  if (!kinds.has(Object.getPrototypeOf(value)))
    throw new Error("an unknown kind of object came out");
  if (ArrayBuffer.isView(value)) return 1;
  const parts = partsOf(value);
  let count = 1;
  for (const part of parts) count += countParts(part, budget - count);
  return count;
}

function partsOf(value: object): unknown[] {
  if (value instanceof Map) return [...value.keys(), ...value.values()];
  if (value instanceof Set) return [...value];
  const parts: unknown[] = [];
  for (const key of Reflect.ownKeys(value)) {
    if (key === "__proto__" || key === "constructor" || key === "prototype") {
      throw new Error(`the key '${key}' came out`);
    }
    if (value instanceof Error && key === "stack") continue;
    if (Array.isArray(value) && key === "length") continue;
    if (value instanceof RegExp) continue;
    parts.push((value as Record<PropertyKey, unknown>)[key]); // an own key
  }
  return parts;
}
