import { defineConfig, mergeConfig } from "vitest/config";
import shared from "../../vitest.shared.ts";

export default mergeConfig(
  shared,
  defineConfig({
    test: {
      name: "transport",
      include: ["src/**/*.test.ts", "test/**/*.test.ts"],
      testTimeout: 60_000, // properties and real sockets, on a busy machine
    },
  }),
);
