import { validate } from "@mosaik/primitives";
import { type Fact, FactSchema } from "./fact.ts";
import { Recording } from "./recording.ts";

const head = { format: "mosaik-recording", version: 1 };

/** A file of more lines than this is no recording of ours. */
const linesMax = 200_000;
/** Bytes in JSON: an object of this one field, base64. */
const bytesField = "$bytes";

/** A recording as lines of JSON: what it is, then a fact each. */
export function formatRecording(recording: Recording): string {
  const lines = [JSON.stringify(head)];
  for (const fact of recording.facts()) lines.push(JSON.stringify(fact, bytesToJson));
  return `${lines.join("\n")}\n`;
}

/** The recording of a text. What it says was never checked: everything in it is. */
export function parseRecording(
  text: string,
):
  | { readonly ok: true; readonly recording: Recording }
  | { readonly ok: false; readonly why: string } {
  const [first = "", ...rest] = text.split("\n");
  const lines = rest.filter((line) => line !== "");
  const header = parseJson(first);
  if (!isHead(header)) return no("this is no recording of mosaik, or of another version");
  if (lines.length > linesMax) return no(`it has more than ${linesMax} lines`);
  const facts: Fact[] = [];
  for (const [at, line] of lines.entries()) {
    const fact = validate(FactSchema, parseJson(line));
    if (!fact.ok) return no(`line ${at + 2} is no fact of a recording`);
    facts.push(fact.value);
  }
  if (facts.length === 0) return no("it is empty");
  const recording = new Recording();
  recording.add(facts.sort((a, b) => a.at - b.at));
  return { ok: true, recording };
}

function no(why: string): { readonly ok: false; readonly why: string } {
  return { ok: false, why };
}

function isHead(value: unknown): boolean {
  return (
    typeof value === "object" &&
    value !== null &&
    "format" in value &&
    value.format === head.format &&
    "version" in value &&
    value.version === head.version
  );
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line, bytesFromJson);
  } catch {
    return undefined;
  }
}

function bytesToJson(_: string, value: unknown): unknown {
  return value instanceof Uint8Array
    ? { [bytesField]: btoa(String.fromCharCode(...value)) }
    : value;
}

function bytesFromJson(_: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || !(bytesField in value)) return value;
  const text = value[bytesField];
  return typeof text === "string"
    ? Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0))
    : value;
}
