import { defineConfig } from "tsup";

export default defineConfig({
  entry: {
    index: "src/index.ts",
    memory: "src/storage/memory/index.ts",
    node: "src/storage/node/index.ts",
    browser: "src/storage/browser/index.ts",
    conformance: "src/conformance/index.ts",
  },
  format: ["esm"],
  target: "es2024",
  platform: "neutral",
  dts: true,
  sourcemap: true,
  clean: true,
  splitting: true,
  treeshake: false,
});
