const isPage = !("process" in globalThis);

/**
 * Microseconds of the machine's monotonic clock. All processes of one machine read the same clock,
 * so a difference between two of them is a duration. A page has a clock of its own.
 */
export function nowUs(): number {
  if (isPage) return performance.now() * 1e3;
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1e6 + nanoseconds / 1e3;
}

/** Microseconds of processor that this process has used, all its threads; a page is told nothing. */
export function cpuUs(): number {
  if (isPage) return Number.NaN;
  const { user, system } = process.cpuUsage();
  return user + system;
}
