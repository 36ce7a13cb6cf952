import { defineConfig, mergeConfig } from "vitest/config";
import shared from "../../vitest.shared.ts";

// What a test waits for is bounded in virtual time; how long that takes depends on who else is at work.
const testTimeout = 30_000;

export default mergeConfig(
  shared,
  defineConfig({
    test: { name: "groups", include: ["src/**/*.test.ts", "test/**/*.test.ts"], testTimeout },
  }),
);
