import { isMosaikError, type LogFacts, printable } from "@mosaik/primitives";

/** Characters of a fact, and of a line. */
const factLengthMax = 256;
const lineLengthMax = 2_048;

/**
 * A message and its facts as one line: `a peer left peer=ab12… reason="too slow"`. Safe to show
 * whatever peers put into the facts; what looks like a secret is left out.
 */
export function logLine(message: string, facts: LogFacts = {}): string {
  const told = Object.entries(facts).map(
    ([name, fact]) => ` ${printable(name)}=${shown(name, fact)}`,
  );
  return (printable(message) + told.join("")).slice(0, lineLengthMax);
}

function shown(name: string, fact: unknown): string {
  if (/secret|password|token|ticket|key$/i.test(name)) return "(hidden)";
  const text = textOf(fact);
  const safe = printable(text.slice(0, factLengthMax)).replaceAll(
    /mosaik:[\w-]{16,}/g,
    "(an invite)",
  );
  return safe === "" || /[\s"=]/.test(safe) ? JSON.stringify(safe) : safe;
}

function textOf(fact: unknown): string {
  if (typeof fact === "string") return fact;
  if (fact instanceof Error) return errorText(fact);
  if (fact instanceof Uint8Array) return `${fact.byteLength} bytes`;
  if (typeof fact !== "object" || fact === null) return String(fact);
  try {
    return JSON.stringify(fact) ?? typeof fact;
  } catch {
    return "(cannot be shown)"; // a circle, or a bigint
  }
}

function errorText(error: Error, depth = 0): string {
  const code = isMosaikError(error) ? `${error.code}: ` : "";
  const own = `${code}${error.message || error.name}`;
  if (!(error.cause instanceof Error) || depth === 3) return own;
  return `${own} <- ${errorText(error.cause, depth + 1)}`;
}
