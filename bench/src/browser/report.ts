import type { Outcome } from "../stores/bench.ts";

export { tableLine, tableTitle } from "../stores/report.ts";

/** An outcome as one line of JSON. */
export function jsonLine({ case: name, figures }: Outcome): string {
  return JSON.stringify({ bench: "browser", case: name, ...figures });
}
