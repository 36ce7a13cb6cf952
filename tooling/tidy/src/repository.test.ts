import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parseRepository, readRepository } from "./repository.ts";

describe("parseRepository", () => {
  it("finds every way to import, with its line and whether it is gone at run time", () => {
    const text = [
      'import { a, type B } from "a";',
      'import type { C } from "c";',
      'import * as d from "d";',
      'export { e as f } from "e";',
      'export type { G } from "g";',
      'export * from "h";',
      'import "i";',
      'const j = await import("j");',
      'type K = import("k").K;',
      'import { type L } from "l";',
      'import M from "m";',
    ].join("\n");
    const { modules } = parseRepository(new Map([["x.ts", text]]));
    const found = modules
      .get("x.ts")
      ?.imports.map(({ specifier, line, typeOnly, names }) =>
        [specifier, line, typeOnly ? "type" : "value", ...names].join(" "),
      );
    expect(found).toEqual([
      "a 1 value a",
      "c 2 type C",
      "d 3 value *",
      "e 4 value e",
      "g 5 type G",
      "h 6 value *",
      "i 7 value",
      "j 8 value *",
      "k 9 type *",
      "l 10 type",
      "m 11 value default",
    ]);
  });
});

describe("readRepository", () => {
  it("reads this one: its packages and its sources", async () => {
    const { files, modules, packages } = await readRepository(
      join(import.meta.dirname, "../../.."),
    );
    expect(packages.get("@mosaik/primitives")?.folder).toBe("packages/primitives");
    expect(modules.get("packages/primitives/src/index.ts")?.kind).toBe("index");
    expect(files.has("LICENSE")).toBe(true);
  });
});
