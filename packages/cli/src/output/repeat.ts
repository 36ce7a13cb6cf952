import type { Host } from "../host.ts";
import type { Printer } from "./printer.ts";

const everyMsDefault = 2_000;
/** Clears the screen, cursor to its corner. */
const clear = "\u001b[2J\u001b[H";

/** Does something once, or again and again until the user ends it: then in place of what was there. */
export async function repeat(
  host: Host,
  printer: Printer,
  watch: true | number | undefined,
  once: () => Promise<void>,
): Promise<void> {
  if (watch === undefined) return once();
  const everyMs = watch === true ? everyMsDefault : watch;
  for (;;) {
    if (printer.format === "table" && host.output.isTTY === true) host.output.write(clear);
    await once();
    await pause(everyMs, host.signal);
  }
}

/** Waits. Rejects with the reason of `signal` when it aborts. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const abort = (): void => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", abort);
      resolve();
    }, ms);
    signal.addEventListener("abort", abort, { once: true });
  });
}

/** Rejects with the reason of `signal` when it aborts, and never resolves. */
export function whenAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}
