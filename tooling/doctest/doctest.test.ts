import { execFile, fork } from "node:child_process";
import { once } from "node:events";
import { globSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { beforeAll, describe, expect, it } from "vitest";
import { type Example, examplesOf } from "./src/examples.ts";

const run = promisify(execFile);
const root = resolve(import.meta.dirname, "../..");
const generated = join(import.meta.dirname, "generated");

const files = [
  ...globSync("packages/*/README.md", { cwd: root }),
  ...globSync("packages/*/src/**/*.ts", { cwd: root }),
].filter((file) => !file.endsWith(".test.ts"));

const examples = files.sort().flatMap((file) => examplesOf(root, join(root, file)));

rmSync(generated, { recursive: true, force: true });
mkdirSync(generated, { recursive: true });
const written = examples.map((example, index) => {
  const path = join(generated, `example-${index}.ts`);
  writeFileSync(path, `${example.code}\nexport {};\n`);
  return { example, path };
});

const title = (example: Example): string => `${example.file}:${example.line}`;

describe("the examples of the documentation", () => {
  it("are found", () => {
    expect(examples.length).toBeGreaterThan(5);
  });

  it("fit the types", async () => {
    writeFileSync(
      join(generated, "tsconfig.json"),
      JSON.stringify({ extends: "../../../tsconfig.base.json", include: ["."] }),
    );
    const tsc = join(root, "node_modules/.bin/tsc");
    const output = await run(tsc, ["-p", generated], { cwd: root }).then(
      () => "",
      (error: { stdout: string }) => error.stdout,
    );
    const located = output.replaceAll(/\S*example-(\d+)\.ts/g, (_, index: string) => {
      const example = examples[Number(index)];
      return example === undefined ? index : title(example);
    });
    expect(located).toBe("");
  });

  describe("run in one process, one after the other", () => {
    const outcomes = new Map<string, string>();
    let ended: unknown;

    beforeAll(async () => {
      const paths = written.map(({ path }) => path);
      const child = fork(join(import.meta.dirname, "src/run-all.ts"), paths, {
        execArgv: ["--conditions=mosaik-source"],
        stdio: ["ignore", "ignore", "inherit", "ipc"],
        timeout: 60_000,
      });
      child.on("message", ({ path, outcome }: { path: string; outcome: string }) => {
        outcomes.set(path, outcome);
      });
      [ended] = await once(child, "exit");
    }, 90_000);

    for (const { example, path } of written) {
      it(title(example), () => expect(outcomes.get(path)).toBe("ran"));
    }

    it("and leave nothing open that keeps it from its end", () => expect(ended).toBe(0));
  });
});
