import { describe, expect, it } from "vitest";
import { documented } from "./documented.ts";
import { brokenAt } from "./fixture.ts";

const folder = "packages/streams/src";
const broken = (declaration: string, entry = 'export { a } from "./a.ts";'): string[] =>
  brokenAt(documented, { [`${folder}/index.ts`]: entry, [`${folder}/a.ts`]: declaration });

describe("documented", () => {
  it("finds exports of every kind that have no doc comment", () => {
    for (const declaration of [
      "export const a = 1;",
      "export function a() {}",
      "export class a {}",
      "export interface a {}",
      "export type a = 1;",
    ]) {
      expect(broken(`// not a doc comment\n${declaration}`)).toEqual([`${folder}/a.ts:2`]);
      expect(broken(`/** What it does. */\n${declaration}`)).toEqual([]);
    }
  });

  it("follows exports through files, stars and other names", () => {
    const files = {
      [`${folder}/index.ts`]: 'export * from "./b.ts";',
      [`${folder}/b.ts`]: 'export { a as other } from "./a.ts";',
      [`${folder}/a.ts`]: "\n\nexport const a = 1;",
    };
    expect(brokenAt(documented, files)).toEqual([`${folder}/a.ts:3`]);
    expect(broken("const a = 1;\nexport { a };")).toEqual([]);
  });

  it("passes what is not exported by the package, and later overloads", () => {
    expect(broken("export const b = 1;")).toEqual([]);
    const overloads = "/** Does. */\nexport function a(x: 1): 1;\nexport function a(x: 2): 2;";
    expect(broken(overloads)).toEqual([]);
  });

  it("looks behind every entry of the package, not only the main one", () => {
    const manifest = {
      name: "@mosaik/streams",
      exports: { "./b": { "mosaik-source": "./src/b.ts" } },
    };
    const files = {
      "packages/streams/package.json": JSON.stringify(manifest),
      [`${folder}/b.ts`]: "export const b = 1;",
    };
    expect(brokenAt(documented, files)).toEqual([`${folder}/b.ts:1`]);
  });
});
