import { readFileSync } from "node:fs";
import { relative } from "node:path";

/** A fenced `ts` block of a document or a doc comment. */
export interface Example {
  /** The file it stands in, relative to the repository. */
  readonly file: string;
  /** The line it begins at, from 1. */
  readonly line: number;
  readonly code: string;
}

/**
 * The examples of a file. A block that begins with a comment holding `not run` is left out: it shows
 * a shape, or needs a second process.
 */
export function examplesOf(root: string, path: string): Example[] {
  const lines = readFileSync(path, "utf8").split("\n");
  const examples: Example[] = [];
  let block: string[] | undefined;
  let start = 0;
  for (const [index, line] of lines.entries()) {
    const text = path.endsWith(".md") ? line : line.replace(/^\s*\* ?/, "");
    if (block === undefined) {
      if (text.trim() === "```ts") {
        block = [];
        start = index + 1;
      }
    } else if (text.trim() === "```") {
      const code = block.join("\n");
      const [first = ""] = block;
      if (!first.startsWith("//") || !first.includes("not run")) {
        examples.push({ file: relative(root, path), line: start, code });
      }
      block = undefined;
    } else block.push(text);
  }
  return examples;
}
