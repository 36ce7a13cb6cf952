import { defineConfig } from "tsup";

export default defineConfig({
  entry: {
    index: "src/index.ts",
    msgpack: "src/msgpack.ts",
    cbor: "src/cbor.ts",
    system: "src/system/node.ts",
    "system-browser": "src/system/browser.ts",
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
