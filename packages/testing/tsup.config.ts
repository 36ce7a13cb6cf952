import { defineConfig } from "tsup";

export default defineConfig({
  entry: {
    index: "src/index.ts",
    scenario: "src/scenario-suite.ts",
    processes: "src/node/leash.ts",
    guard: "src/node/guard.ts",
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
