/**
 * Microseconds of the machine's monotonic clock. All processes of one machine read the same clock,
 * so a difference between two of them is a duration.
 */
export function nowUs(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1e6 + nanoseconds / 1e3;
}

/** Microseconds of processor that this process has used, all its threads. */
export function cpuUs(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}
