/**
 * Turns the JSON of superjson 2 and its annotations back into values. The library's own reader
 * trusts its input (it follows inherited keys, allocates what a number asks for, closes cycles);
 * this one takes only what a superjson writer writes:
 *
 * 1. An annotation names a slot by own keys of plain objects and indices of arrays that exist.
 * 2. A kind is revived from the one kind of JSON that its writer makes of it, so each slot is
 *    revived at most once and all work is linear in the bytes.
 * 3. Only the kinds of {@link revivers} and typed arrays are made: no class, symbol, custom type.
 */
import { MosaikError } from "../error.ts";
import { isPlainObject } from "./shape.ts";

/** More digits than this are no bigint: parsing them takes about a millisecond, and is not linear. */
export const bigintDigitsMax = 16_384;

/**
 * Revives a JSON value, in place.
 *
 * @param annotation `[kind, children?]` for a value to revive, else its children by escaped path.
 * @throws MosaikError with `CODEC_MALFORMED`, or what a constructor throws.
 */
export function revive(json: unknown, annotation: unknown): unknown {
  if (!Array.isArray(annotation)) {
    reviveChildren(json, annotation);
    return json;
  }
  const [kind, children] = annotation as unknown[]; // an array: checked above
  if (children !== undefined) reviveChildren(json, children);
  if (Array.isArray(kind)) return reviveTypedArray(json, kind);
  const reviver = revivers.get(kind);
  if (reviver === undefined) throw malformed("an unknown kind of value");
  return reviver(json);
}

function reviveChildren(json: unknown, children: unknown): void {
  if (!isPlainObject(children)) throw malformed("no annotations");
  for (const path of Object.keys(children)) {
    const keys = parsePath(path);
    let parent = json;
    for (let index = 0; index < keys.length - 1; index++) parent = slot(parent, keys[index])[0];
    const key = keys.at(-1);
    const [value, owner] = slot(parent, key);
    owner[key ?? ""] = revive(value, children[path]);
  }
}

/** The value at an own key, and the object or array it sits in. */
function slot(parent: unknown, key: string | undefined): [unknown, Record<string, unknown>] {
  const container = isPlainObject(parent) || (Array.isArray(parent) && key !== "length");
  if (!container || key === undefined || !Object.hasOwn(parent, key)) {
    throw malformed("an annotation of nothing");
  }
  const owner = parent as Record<string, unknown>; // has the key, checked above
  return [owner[key], owner];
}

/** The keys of a path: dots between them, dots and backslashes within them escaped. */
function parsePath(path: string): string[] {
  if (!path.includes("\\")) return path.split(".");
  const keys: string[] = [""];
  for (let index = 0; index < path.length; index++) {
    let char = path.charAt(index);
    if (char === ".") {
      keys.push("");
      continue;
    }
    if (char === "\\") {
      char = path.charAt(++index);
      if (char !== "." && char !== "\\") throw malformed("an escape of nothing");
    }
    keys[keys.length - 1] += char;
  }
  return keys;
}

const revivers: ReadonlyMap<unknown, (json: unknown) => unknown> = new Map<
  unknown,
  (json: unknown) => unknown
>([
  ["undefined", () => undefined],
  ["bigint", reviveBigint],
  ["number", reviveNumber],
  ["Date", reviveDate],
  ["regexp", reviveRegExp],
  ["URL", (json) => new URL(asText(json))],
  ["Error", reviveError],
  ["set", (json) => new Set(asArray(json))],
  ["map", reviveMap],
]);

function reviveBigint(json: unknown): bigint {
  const digits = asText(json);
  if (digits.length > bigintDigitsMax || !/^-?\d+$/.test(digits)) throw malformed("no bigint");
  return BigInt(digits);
}

function reviveNumber(json: unknown): number {
  if (json === "NaN" || json === "Infinity" || json === "-Infinity" || json === "-0") {
    return Number(json);
  }
  throw malformed("no number");
}

function reviveDate(json: unknown): Date {
  const date = new Date(asText(json));
  if (Number.isNaN(date.getTime())) throw malformed("no date");
  return date;
}

function reviveRegExp(json: unknown): RegExp {
  const text = asText(json);
  const end = text.lastIndexOf("/");
  return new RegExp(text.slice(1, end), text.slice(end + 1));
}

function reviveError(json: unknown): Error {
  if (!isPlainObject(json)) throw malformed("no error");
  const { name, message, cause } = json;
  const error = new Error(asText(message), Object.hasOwn(json, "cause") ? { cause } : {});
  error.name = asText(name);
  error.stack = `${error.name}: ${error.message}`; // it broke elsewhere: our frames would mislead
  return error;
}

function reviveMap(json: unknown): Map<unknown, unknown> {
  const map = new Map<unknown, unknown>();
  for (const entry of asArray(json)) {
    const [key, value] = asArray(entry);
    map.set(key, value);
  }
  return map;
}

const typedArrays = new Map<unknown, new (items: number[]) => ArrayBufferView>(
  [
    Int8Array,
    Uint8Array,
    Uint8ClampedArray,
    Int16Array,
    Uint16Array,
    Int32Array,
    Uint32Array,
    Float32Array,
    Float64Array,
  ].map((type) => [type.name, type]),
);
typedArrays.set("Buffer", Uint8Array); // what Node's subclass writes itself as

/** Whether a typed array of a name is revived. */
export function isTypedArrayName(name: unknown): boolean {
  return typedArrays.has(name);
}

function reviveTypedArray(json: unknown, kind: readonly unknown[]): ArrayBufferView {
  const type = kind[0] === "typed-array" ? typedArrays.get(kind[1]) : undefined;
  if (type === undefined) throw malformed("an unknown kind of value");
  return new type(asArray(json).map(Number));
}

function asText(json: unknown): string {
  if (typeof json !== "string") throw malformed("no text");
  return json;
}

function asArray(json: unknown): readonly unknown[] {
  if (!Array.isArray(json)) throw malformed("no array");
  return json;
}

function malformed(what: string): MosaikError<"CODEC_MALFORMED"> {
  return new MosaikError("CODEC_MALFORMED", `superjson: ${what}`);
}
