import { defaultClientConditions, defaultServerConditions } from "vite";
import { configDefaults, defineConfig } from "vitest/config";

declare module "vitest" {
  interface ProvidedContext {
    /** How much of what a stranger may send is tried on each decoder. */
    fuzzCases: number;
  }
}

/** What every package's vitest config starts from: packages are tested from their sources. */
export default defineConfig({
  resolve: { conditions: ["mosaik-source", ...defaultClientConditions] },
  test: {
    exclude: [...configDefaults.exclude, "test/browser/**"], // see vitest.browser.config.ts
    provide: { fuzzCases: Number(process.env["FUZZ_CASES"] ?? 5_000) },
  },
  ssr: { resolve: { conditions: ["mosaik-source", ...defaultServerConditions] } },
});
