/**
 * An item as text for people: JSON, where what JSON has no form for is told in words, cut at a length.
 * Total: whatever the item is.
 */
export function shownItem(item: unknown, lengthMax: number): string {
  try {
    return (JSON.stringify(item, plain) ?? String(item)).slice(0, lengthMax);
  } catch {
    return "it cannot be shown"; // it holds itself, or its own toJSON throws
  }
}

function plain(_name: string, value: unknown): unknown {
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value === "symbol" || typeof value === "function") return `a ${typeof value}`;
  if (value instanceof Uint8Array) return { bytes: value.byteLength };
  if (value instanceof Map) return { map: [...value] };
  if (value instanceof Set) return { set: [...value] };
  return value;
}
