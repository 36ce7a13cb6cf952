import type { Work, Workplace } from "./role.ts";

/** A seed is there to be found, nothing else: any running node could be one. */
export function seed(_: Workplace): Work {
  return { close: () => {} };
}
