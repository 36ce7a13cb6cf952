import { defaultClientConditions, defaultServerConditions } from "vite";
import { configDefaults, defineConfig } from "vitest/config";

/** What every package's vitest config starts from: packages are tested from their sources. */
export default defineConfig({
  resolve: { conditions: ["mosaik-source", ...defaultClientConditions] },
  // what needs a browser: see vitest.browser.config.ts
  test: { exclude: [...configDefaults.exclude, "test/browser/**"] },
  ssr: { resolve: { conditions: ["mosaik-source", ...defaultServerConditions] } },
});
