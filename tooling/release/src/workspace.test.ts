import { describe, expect, it } from "vitest";
import { type Published, publishedPackages, withNeeds } from "./workspace.ts";

describe("publishedPackages", () => {
  it("finds the packages, and what they need of each other", async () => {
    const packages = await publishedPackages();
    expect(packages.get("@mosaik/primitives")).toMatchObject({ needs: [] });
    expect(packages.get("@mosaik/transport")?.needs).toEqual(["@mosaik/primitives"]);
  });
});

describe("withNeeds", () => {
  const package_ = (name: string, needs: readonly string[]): [string, Published] => [
    name,
    { name, folder: "", needs },
  ];

  it("follows needs of needs, once each", () => {
    const packages = new Map([package_("a", ["b", "c"]), package_("b", ["c"]), package_("c", [])]);
    expect([...withNeeds(packages, "a")].sort()).toEqual(["a", "b", "c"]);
    expect([...withNeeds(packages, "c")]).toEqual(["c"]);
  });
});
