import { defineConfig } from "tsup";

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
});
