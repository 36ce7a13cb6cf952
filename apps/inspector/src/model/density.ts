/** How many of some moments fall into each of so many equal parts of a span. */
export function density(
  moments: readonly { readonly at: number }[],
  from: number,
  to: number,
  parts: number,
): number[] {
  const counts = new Array<number>(parts).fill(0);
  if (to <= from) return counts;
  for (const { at } of moments) {
    if (at < from || at > to) continue;
    const part = Math.min(parts - 1, Math.floor(((at - from) / (to - from)) * parts));
    counts[part] = (counts[part] ?? 0) + 1;
  }
  return counts;
}
