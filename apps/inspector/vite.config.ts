import { defaultClientConditions, defineConfig } from "vite";

/** The page from the sources of the packages: one document, no inline script or style. */
export default defineConfig({
  root: import.meta.dirname,
  base: "./",
  resolve: { conditions: ["mosaik-source", ...defaultClientConditions] },
  build: { target: "es2024", assetsInlineLimit: 0, chunkSizeWarningLimit: 1_000 },
});
