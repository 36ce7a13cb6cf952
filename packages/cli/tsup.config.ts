import { existsSync } from "node:fs";
import { cp } from "node:fs/promises";
import { defineConfig } from "tsup";
import { buildTypes } from "../../tsup.shared.ts";

/** The inspector's page, built before this package: it is served from here. */
const page = new URL("../../apps/inspector/dist", import.meta.url);

const modules = {
  index: "src/index.ts",
  metrics: "src/metrics/index.ts",
  terminal: "src/terminal/index.ts",
};

export default defineConfig({
  entry: { bin: "src/bin.ts", ...modules },
  format: ["esm"],
  target: "es2024",
  platform: "node",
  sourcemap: true,
  clean: true,
  splitting: true,
  treeshake: false,
  async onSuccess() {
    await buildTypes(modules);
    if (!existsSync(page))
      return console.warn("built without the inspector: 'mosaik inspect' says so");
    await cp(page, new URL("dist/inspector", import.meta.url), { recursive: true });
  },
});
