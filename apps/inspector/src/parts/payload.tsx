import { Said } from "./text.tsx";

/** How an item can be shown. */
export const payloadForms = [
  ["json", "JSON"],
  ["tree", "Tree"],
  ["hex", "Bytes"],
] as const;
/** See {@link payloadForms}. */
export type PayloadForm = (typeof payloadForms)[number][0];

const lettersMax = 400;
/** A tree has at most so many levels, and so many parts at each. */
const levelsMax = 8;
const partsMax = 50;

/** Whether a text names a form. */
export function isPayloadForm(text: string): text is PayloadForm {
  return payloadForms.some(([form]) => form === text);
}

/** An item as its text, its parts, or its first bytes: whatever of it is told. */
export function Payload({
  form,
  text,
  head,
}: {
  readonly form: PayloadForm;
  /** As JSON, maybe cut. */
  readonly text: string | undefined;
  readonly head: Uint8Array | undefined;
}) {
  const value = form === "tree" && text !== undefined ? parsed(text) : undefined;
  if (value !== undefined) return <Tree value={value.value} level={0} />;
  const isHex = form === "hex" || text === undefined;
  return (
    <code class="command">
      <Said text={isHex ? hexOf(head) : text} max={lettersMax} />
    </code>
  );
}

function Tree({ value, level }: { readonly value: unknown; readonly level: number }) {
  if (typeof value !== "object" || value === null || level === levelsMax) {
    return (
      <code class={`value ${value === null ? "null" : typeof value}`}>
        <Said text={JSON.stringify(value)} max={lettersMax} />
      </code>
    );
  }
  const parts = Object.entries(value);
  return (
    <ul class="tree">
      {parts.slice(0, partsMax).map(([name, part]) => (
        <li key={name}>
          <span class="field">
            <Said text={name} max={60} />
          </span>{" "}
          <Tree value={part} level={level + 1} />
        </li>
      ))}
      {parts.length > partsMax && <li class="hint">and {parts.length - partsMax} more</li>}
    </ul>
  );
}

function parsed(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined; // it was cut
  }
}

function hexOf(bytes: Uint8Array | undefined): string {
  if (bytes === undefined) return "hidden";
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join(" ");
}
