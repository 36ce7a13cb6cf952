import { decodeUtf8, encodeUtf8, type Schema, superjsonCodec, validate } from "@mosaik/primitives";
import { isStoreKey, normalKey, type StoreKey } from "./keys.ts";

/** A key as JSON; a bigint as its digits and `n`. */
export function formatKey(key: StoreKey): string {
  if (typeof key === "bigint") return `${key}n`;
  if (typeof key === "object") return `[${key.map(formatKey).join(",")}]`;
  return Number.isFinite(key) || typeof key !== "number" ? JSON.stringify(key) : String(key);
}

/**
 * The key that a text stands for: what {@link formatKey} says, or the text itself, whichever the
 * schema takes. Nothing where it takes neither.
 */
export function parseKey(text: string, schema: Schema<StoreKey>): StoreKey | undefined {
  for (const candidate of [readKey(text), text]) {
    if (candidate === undefined) continue;
    const fitted = validate(schema, candidate);
    if (fitted.ok && isStoreKey(fitted.value)) return normalKey(fitted.value);
  }
  return undefined;
}

/**
 * A value as JSON or, where JSON cannot say it, as superjson's `{"json":…,"meta":…}`. Nothing where
 * that cannot either.
 */
export function formatValue(value: unknown): string | undefined {
  try {
    const text = decodeUtf8(superjsonCodec.encode(value));
    const isPlain = text.startsWith(head) && Object.keys(JSON.parse(text)).length === 1;
    return isPlain && !isEnvelope(value) ? text.slice(head.length, -1) : text;
  } catch {
    return undefined;
  }
}

/** The value that a text stands for. @throws SyntaxError where it is neither JSON nor superjson. */
export function parseValue(text: string): unknown {
  const value: unknown = JSON.parse(text);
  const decoded = superjsonCodec.decode(encodeUtf8(isEnvelope(value) ? text : `${head}${text}}`));
  if (decoded.ok) return decoded.value;
  throw new SyntaxError(decoded.error.message);
}

const head = '{"json":';

/** Whether it looks like superjson: `json`, and nothing but `meta` beside it. */
function isEnvelope(value: unknown): boolean {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, "json")) return false;
  return Object.keys(value).every((name) => name === "json" || name === "meta");
}

function readKey(text: string): StoreKey | undefined {
  try {
    // What JSON has no form for is marked so that it can be read.
    const marked = text.replace(/"(?:[^"\\]|\\.)*"|-?(?:\d+n|Infinity)/g, (part) =>
      part.startsWith('"') ? part : `{"number":"${part}"}`,
    );
    return keyIn(JSON.parse(marked));
  } catch {
    return undefined;
  }
}

function keyIn(value: unknown): StoreKey | undefined {
  if (Array.isArray(value)) {
    const parts = value.map(keyIn);
    return parts.every((part) => part !== undefined) ? parts : undefined;
  }
  if (typeof value !== "object" || value === null) return isStoreKey(value) ? value : undefined;
  const number = "number" in value ? String(value.number) : "";
  return number.endsWith("n") ? BigInt(number.slice(0, -1)) : Number(number);
}
