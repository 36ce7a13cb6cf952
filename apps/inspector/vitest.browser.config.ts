import { defaultServerConditions } from "vite";
import { defineConfig } from "vitest/config";

/** Tests that drive pages in a real Chromium from Node: one file after the other. */
export default defineConfig({
  ssr: { resolve: { conditions: ["mosaik-source", ...defaultServerConditions] } },
  test: {
    name: "inspector",
    include: ["test/browser/**/*.test.ts"],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    fileParallelism: false,
    sequence: { groupOrder: 1 },
  },
});
