import { existsSync } from "node:fs";
import { cp } from "node:fs/promises";
import { defineConfig } from "tsup";

/** The inspector's page, built before this package: it is served from here. */
const page = new URL("../../apps/inspector/dist", import.meta.url);

export default defineConfig({
  entry: {
    bin: "src/bin.ts",
    index: "src/index.ts",
    terminal: "src/terminal/index.ts",
  },
  format: ["esm"],
  target: "es2024",
  platform: "node",
  dts: { entry: { index: "src/index.ts", terminal: "src/terminal/index.ts" } },
  sourcemap: true,
  clean: true,
  splitting: true,
  treeshake: false,
  async onSuccess() {
    if (!existsSync(page))
      return console.warn("built without the inspector: 'mosaik inspect' says so");
    await cp(page, new URL("dist/inspector", import.meta.url), { recursive: true });
  },
});
