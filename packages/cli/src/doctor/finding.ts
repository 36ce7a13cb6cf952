/** What a check came to. */
export interface Finding {
  readonly [name: string]: unknown;
  /** What was looked at: `clock`, `seed`. */
  readonly check: string;
  readonly level: "ok" | "warn" | "fail";
  /** What is the case. May hold text that peers chose. */
  readonly text: string;
  /** What to do about it, where there is something. */
  readonly remedy?: string;
}

/** All is well. */
export function ok(check: string, text: string): Finding {
  return { check, level: "ok", text };
}

/** It works, but not as it could. */
export function warn(check: string, text: string, remedy: string): Finding {
  return { check, level: "warn", text, remedy };
}

/** Something is broken. */
export function fail(check: string, text: string, remedy: string): Finding {
  return { check, level: "fail", text, remedy };
}
