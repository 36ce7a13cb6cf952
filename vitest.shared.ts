import { defaultClientConditions, defaultServerConditions } from "vite";
import { defineConfig } from "vitest/config";

/** What every package's vitest config starts from: packages are tested from their sources. */
export default defineConfig({
  resolve: { conditions: ["mosaik-source", ...defaultClientConditions] },
  ssr: { resolve: { conditions: ["mosaik-source", ...defaultServerConditions] } },
});
