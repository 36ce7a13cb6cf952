import { playwright } from "@vitest/browser-playwright";
import { defineConfig, mergeConfig } from "vitest/config";
import { chromiumFlags, findChromium } from "./scripts/browser/chromium.ts";
import * as nodes from "./scripts/browser/nodes.ts";
import * as tabs from "./scripts/browser/tabs.ts";
import { browserTests, nodeTests } from "./scripts/browser/tests.ts";
import shared from "./vitest.shared.ts";

const path = findChromium();

/** Tests that run in a page: those of browsers alone, and those that run there unchanged. */
const inPages = mergeConfig(
  shared,
  defineConfig({
    test: {
      name: "browser",
      include: browserTests,
      exclude: nodeTests,
      isolate: false, // a page for each file would load everything again
      maxWorkers: 1, // pages side by side would be each other's load
      sequence: { groupOrder: 1 }, // beside the tests that drive pages: both wait much
      testTimeout: 30_000,
      browser: {
        enabled: true,
        headless: true,
        screenshotFailures: false,
        commands: { ...nodes, ...tabs },
        instances: [{ browser: "chromium" }],
        provider: playwright({
          launchOptions: { ...(path && { executablePath: path }), args: chromiumFlags },
        }),
      },
    },
  }),
);

/** What runs in a real Chromium: tests within pages and beside them tests that drive pages. */
export default defineConfig({
  test: {
    projects: [
      inPages,
      "apps/inspector/vitest.browser.config.ts",
      "apps/inspector/vitest.frames.config.ts",
    ],
    api: { host: "127.0.0.1" },
    reporters: ["default", "./scripts/count-reporter.ts"],
  },
});
