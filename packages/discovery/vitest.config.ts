import { defineConfig, mergeConfig } from "vitest/config";
import shared from "../../vitest.shared.ts";

export default mergeConfig(
  shared,
  defineConfig({
    test: {
      name: "discovery",
      include: ["src/**/*.test.ts", "test/**/*.test.ts"],
      testTimeout: 60_000, // 100,000 cases of a property take some seconds
    },
  }),
);
