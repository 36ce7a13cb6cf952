/** About how many bytes something takes when it travels: the same for the same content. */
export function approximateBytes(part: unknown): number {
  if (part instanceof Uint8Array) return 4 + part.byteLength;
  if (typeof part === "string") return 4 + part.length;
  if (!Array.isArray(part)) return 9;
  let bytes = 4;
  for (const each of part) bytes += approximateBytes(each);
  return bytes;
}
