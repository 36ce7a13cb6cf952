import type { Repository } from "./repository.ts";

/** A place where the repository breaks one of its rules. */
export interface Violation {
  /** The name of the rule. */
  readonly rule: string;
  /** The path from the root of the repository. */
  readonly file: string;
  /** The line, from 1. */
  readonly line: number;
  /** What is wrong there. */
  readonly what: string;
  /** How to mend it. */
  readonly mend: string;
}

/** Something that must hold all over the repository. Returns the places where it does not. */
export type Rule = (repository: Repository) => Violation[];

/** A violation as one line of text. */
export function formatViolation({ file, line, rule, what, mend }: Violation): string {
  return `${file}:${line} [${rule}] ${what} → ${mend}`;
}
