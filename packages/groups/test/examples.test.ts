import { execFile } from "node:child_process";
import { glob, readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";

const run = promisify(execFile);
const root = join(import.meta.dirname, "..");

interface Example {
  readonly where: string;
  readonly code: string;
}

async function examples(): Promise<Example[]> {
  const found: Example[] = [];
  const files: string[] = [];
  for await (const file of glob(["README.md", "src/**/*.ts"], { cwd: root })) files.push(file);
  for (const file of files.sort()) {
    const text = await readFile(join(root, file), "utf8");
    const fences = text.replaceAll(/^ \* ?/gm, "").matchAll(/^```ts\n(.*?)^```/gms);
    let count = 0;
    for (const [, code = ""] of fences) {
      count++;
      if (!code.startsWith("// not run:")) found.push({ where: `${file} #${count}`, code });
    }
  }
  return found;
}

/** What the comments after `console.log` say will be printed. */
function promised(code: string): string[] {
  return [...code.matchAll(/console\.log\(.*\).*?; \/\/ (.*)$/gm)].map(([, text = ""]) => text);
}

describe("the examples run and print what they say", async () => {
  it.each(await examples())("$where", { timeout: 60_000 }, async ({ code }) => {
    const args = ["--conditions=mosaik-source", "--input-type=module-typescript", "--eval", code];
    const { stdout } = await run(process.execPath, args, { cwd: root });
    const printed = stdout.trimEnd().split("\n").join(" ").replaceAll(/\s+/g, " ");
    expect(printed).toBe(promised(code).join(" "));
  });
});
