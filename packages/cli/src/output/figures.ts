/** The first eight digits of an id, and that there are more. */
export function short(id: string): string {
  return `${id.slice(0, 8)}…`;
}

/** A time in the unit that suits it: `350 ms`, `12 s`, `3 h`. */
export function duration(ms: number | undefined): string {
  if (ms === undefined) return "-";
  if (ms < 1_000) return `${ms < 10 ? Math.round(ms * 10) / 10 : Math.round(ms)} ms`;
  if (ms < 120_000) return `${Math.round(ms / 1_000)} s`;
  if (ms < 7_200_000) return `${Math.round(ms / 60_000)} m`;
  if (ms < 172_800_000) return `${Math.round(ms / 3_600_000)} h`;
  return `${Math.round(ms / 86_400_000)} d`;
}

/** A number of bytes in the unit that suits it. */
export function bytes(count: number): string {
  if (count < 10_000) return `${Math.round(count)} B`;
  if (count < 10_000_000) return `${Math.round(count / 1_000)} kB`;
  return `${Math.round(count / 1_000_000)} MB`;
}

/** A count that may not be known. */
export function number(count: number | undefined): string {
  return count === undefined ? "-" : String(count);
}
