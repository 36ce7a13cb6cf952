import { describe, expect, it } from "vitest";
import { packageShape } from "./package-shape.ts";
import { parseRepository } from "./repository.ts";

const exports = { ".": { types: "./dist/index.d.ts", import: "./dist/index.js" } };
const sound = {
  name: "@mosaik/streams",
  description: "Streams.",
  license: "MIT",
  type: "module",
  sideEffects: false,
  engines: { node: ">=24" },
  exports: { ".": { "mosaik-source": "./src/index.ts", ...exports["."] } },
  files: ["dist", "CHANGELOG.md"],
  publishConfig: { access: "public", exports },
};
const files = ["README.md", "LICENSE", "src/index.ts", "tsconfig.json"];

function faults(manifest: object, present: readonly string[] = files): string[] {
  const folder = "packages/streams";
  const texts = new Map(present.map((file) => [`${folder}/${file}`, ""]));
  texts.set(`${folder}/package.json`, JSON.stringify(manifest));
  return packageShape(parseRepository(texts)).map(({ what }) => what);
}

describe("package-shape", () => {
  it("passes a sound package, and asks nothing of private ones outside of packages/", () => {
    expect(faults(sound)).toEqual([]);
    const app = new Map([["apps/demo/package.json", '{"name":"demo"}']]);
    expect(packageShape(parseRepository(app))).toEqual([]);
  });

  it("finds each field that is missing or wrong", () => {
    for (const field of Object.keys(sound)) {
      if (field === "name") continue;
      const { [field as "license"]: _, ...rest } = sound;
      expect(faults(rest).length, field).toBeGreaterThan(0);
    }
    expect(faults({ ...sound, sideEffects: true })).toHaveLength(1);
    expect(faults({ ...sound, license: "ISC" })).toHaveLength(1);
    expect(
      faults({ ...sound, publishConfig: { ...sound.publishConfig, access: "restricted" } }),
    ).toHaveLength(1);
  });

  it("finds published exports that differ from the exports, or name sources", () => {
    const other = { ...exports, "./extra": exports["."] };
    expect(faults({ ...sound, publishConfig: { access: "public", exports: other } })).toHaveLength(
      1,
    );
    const { publishConfig } = sound;
    expect(
      faults({ ...sound, publishConfig: { ...publishConfig, exports: sound.exports } }),
    ).toHaveLength(1);
  });

  it("finds each file that is missing", () => {
    for (const missing of files) {
      const present = files.filter((file) => file !== missing);
      expect(faults(sound, present)).toEqual([`@mosaik/streams has no ${missing}`]);
    }
  });
});
