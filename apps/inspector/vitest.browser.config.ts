import { defaultServerConditions } from "vite";
import { configDefaults, defineConfig } from "vitest/config";

/** The one that counts frames, which others would take: it has a configuration of its own. */
export const measured = "test/browser/large.test.ts";

/** Tests that drive pages in a real Chromium from Node: one file after the other. */
export default defineConfig({
  ssr: { resolve: { conditions: ["mosaik-source", ...defaultServerConditions] } },
  test: {
    name: "inspector",
    include: ["test/browser/**/*.test.ts"],
    exclude: [...configDefaults.exclude, measured],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    fileParallelism: false,
    sequence: { groupOrder: 1 }, // beside the tests within pages
  },
});
