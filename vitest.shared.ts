import { join } from "node:path";
import { defaultClientConditions, defaultServerConditions } from "vite";
import { configDefaults, defineConfig } from "vitest/config";

declare module "vitest" {
  interface ProvidedContext {
    /** How much of what a stranger may send is tried on each decoder. */
    fuzzCases: number;
  }
}

/** Where processes that tests start keep what Node compiled: it is half of a short life. */
const compiled = join(import.meta.dirname, "node_modules", ".cache", "node-compiled");

/** What every package's vitest config starts from: packages are tested from their sources. */
export default defineConfig({
  resolve: { conditions: ["mosaik-source", ...defaultClientConditions] },
  test: {
    maxWorkers: "100%", // as many as there are processors: two of them would have one otherwise
    isolate: false, // files share a worker's modules: no test may rest on which ran before it
    env: { NODE_COMPILE_CACHE: compiled },
    exclude: [...configDefaults.exclude, "test/browser/**"], // see vitest.browser.config.ts
    provide: { fuzzCases: Number(process.env["FUZZ_CASES"] ?? 5_000) },
  },
  ssr: { resolve: { conditions: ["mosaik-source", ...defaultServerConditions] } },
});
