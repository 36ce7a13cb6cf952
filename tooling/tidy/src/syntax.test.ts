import { describe, expect, it } from "vitest";
import { brokenAt } from "./fixture.ts";
import { fileLength, fileNames, noAny, noDefaultExports } from "./syntax.ts";

const path = "packages/streams/src/a.ts";

describe("no-default-exports", () => {
  it("finds every form of one, and passes configuration", () => {
    for (const text of [
      "export default 1;",
      "export default function a() {}",
      "export default class {}",
    ]) {
      expect(brokenAt(noDefaultExports, { [path]: `\n${text}` })).toEqual([`${path}:2`]);
      expect(brokenAt(noDefaultExports, { "packages/streams/vitest.config.ts": text })).toEqual([]);
    }
    expect(brokenAt(noDefaultExports, { [path]: "export const a = 1;" })).toEqual([]);
  });
});

describe("no-any", () => {
  it("finds it wherever a type stands, and passes one with a reason above it", () => {
    for (const text of ["let a: any;", "const a = b as any;", "type A = Record<string, any>;"]) {
      expect(brokenAt(noAny, { [path]: `\n${text}` })).toEqual([`${path}:2`]);
      const reason = "// biome-ignore lint/suspicious/noExplicitAny: a bound, never a value";
      expect(brokenAt(noAny, { [path]: `${reason}\n${text}` })).toEqual([]);
    }
    expect(brokenAt(noAny, { [path]: 'const any = "any"; // any' })).toEqual([]);
  });
});

describe("file-names", () => {
  it("finds names that are not kebab-case, and names that say nothing", () => {
    for (const name of [
      "fileName.ts",
      "File.ts",
      "a_b.ts",
      "-a.ts",
      "utils.ts",
      "types.ts",
      "helpers.test.ts",
    ]) {
      const file = `packages/streams/src/${name}`;
      expect(brokenAt(fileNames, { [file]: "" })).toEqual([`${file}:1`]);
    }
    for (const name of [
      "a.ts",
      "read-index.test.ts",
      "ed25519.ts",
      "tsup.config.ts",
      "base-64.ts",
    ]) {
      expect(brokenAt(fileNames, { [`packages/streams/src/${name}`]: "" })).toEqual([]);
    }
  });
});

describe("file-length", () => {
  it("finds files above 300 lines, tests above 400", () => {
    const lines = (count: number): string => "a;\n".repeat(count);
    expect(brokenAt(fileLength, { [path]: lines(300) })).toEqual([]);
    expect(brokenAt(fileLength, { [path]: lines(301) })).toEqual([`${path}:301`]);
    const test = "packages/streams/test/a.test.ts";
    expect(brokenAt(fileLength, { [test]: lines(400) })).toEqual([]);
    expect(brokenAt(fileLength, { [test]: lines(401) })).toEqual([`${test}:401`]);
  });
});
