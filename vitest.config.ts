import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    projects: ["packages/*", "apps/*", "tooling/*", "examples"],
    coverage: { provider: "v8", include: ["packages/*/src/**"] },
    reporters: ["default", "./scripts/count-reporter.ts"],
  },
});
