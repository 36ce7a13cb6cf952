/** A row of a table: a name, then cells of one width. */
export function row(cells: readonly string[]): string {
  return cells.map((cell, index) => (index === 0 ? cell.padEnd(23) : cell.padStart(13))).join("");
}

/** A value with three digits that count. */
export function rounded(value: number): number {
  return Number(value.toPrecision(3));
}

/** A rate in little room. */
export function short(value: number): string {
  if (value >= 1e6) return `${(value / 1e6).toFixed(2)} M`;
  return value >= 1e4 ? `${(value / 1e3).toFixed(0)} k` : value.toFixed(value < 100 ? 1 : 0);
}
