import { playwright } from "@vitest/browser-playwright";
import { defineConfig, mergeConfig } from "vitest/config";
import { chromiumFlags, findChromium } from "./scripts/browser/chromium.ts";
import * as nodes from "./scripts/browser/nodes.ts";
import * as tabs from "./scripts/browser/tabs.ts";
import { browserTests, nodeTests } from "./scripts/browser/tests.ts";
import shared from "./vitest.shared.ts";

const path = findChromium();

/** What runs in a real Chromium: tests of browsers alone, and those that run there unchanged. */
export default mergeConfig(
  shared,
  defineConfig({
    test: {
      name: "browser",
      include: browserTests,
      exclude: nodeTests,
      isolate: false, // a page for each file would load everything again
      testTimeout: 30_000,
      api: { host: "127.0.0.1" },
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
      reporters: ["default", "./scripts/count-reporter.ts"],
    },
  }),
);
