import { describe, expect, it } from "vitest";
import { brokenAt } from "./fixture.ts";
import { packageArrows } from "./package-arrows.ts";

const manifest = (fields: object): string =>
  JSON.stringify({ name: "@mosaik/discovery", ...fields });
const inDiscovery = (text: string, path = "src/a.ts"): string[] =>
  brokenAt(packageArrows, { [`packages/discovery/${path}`]: text });

describe("package-arrows", () => {
  it("passes packages that stand on those below them", () => {
    expect(inDiscovery('import { digest } from "@mosaik/primitives";')).toEqual([]);
    expect(inDiscovery('import * as v from "valibot";')).toEqual([]);
    expect(inDiscovery('import { World } from "@mosaik/testing";', "src/a.test.ts")).toEqual([]);
  });

  it("finds an arrow that points up in a package.json", () => {
    for (const field of ["dependencies", "devDependencies", "peerDependencies"]) {
      const text = manifest({ [field]: { "@mosaik/streams": "workspace:^" } });
      expect(inDiscovery(text, "package.json")).toEqual(["packages/discovery/package.json:1"]);
    }
    const dependencies = { "@mosaik/testing": "workspace:^" };
    expect(inDiscovery(manifest({ dependencies }), "package.json")).toHaveLength(1);
    expect(inDiscovery(manifest({ devDependencies: dependencies }), "package.json")).toEqual([]);
  });

  it("finds an arrow that points up in an import, of a type and in a test too", () => {
    const streams = 'import { streams } from "@mosaik/streams";';
    expect(inDiscovery(`\n${streams}`)).toEqual(["packages/discovery/src/a.ts:2"]);
    expect(inDiscovery('import type { A } from "@mosaik/streams";')).toHaveLength(1);
    expect(inDiscovery('export * from "@mosaik/streams/deep";')).toHaveLength(1);
    expect(inDiscovery('const a = import("@mosaik/streams");')).toHaveLength(1);
    expect(inDiscovery(streams, "test/a.ts")).toHaveLength(1);
    expect(inDiscovery('import { World } from "@mosaik/testing";')).toHaveLength(1);
  });

  it("finds that two packages on the same floor know each other", () => {
    const files = { "packages/groups/src/a.ts": 'import { streams } from "@mosaik/streams";' };
    expect(brokenAt(packageArrows, files)).toEqual(["packages/groups/src/a.ts:1"]);
  });

  it("finds a file of another package, and a package that is in no list", () => {
    expect(inDiscovery('import { a } from "../../primitives/src/bytes.ts";')).toHaveLength(1);
    expect(inDiscovery('import { ulid } from "ulid";')).toHaveLength(1);
  });

  it("finds a package that has no place", () => {
    const files = { "packages/extra/package.json": JSON.stringify({ name: "@mosaik/extra" }) };
    expect(brokenAt(packageArrows, files)).toEqual(["packages/extra/package.json:1"]);
  });
});
