import { configDefaults, defineConfig } from "vitest/config";
import pages, { measured } from "./vitest.browser.config.ts";

/** The test that counts frames, once all others are done. */
export default defineConfig({
  ...pages,
  test: {
    ...pages.test,
    name: "inspector, frames",
    include: [measured],
    exclude: configDefaults.exclude,
    sequence: { groupOrder: 2 },
  },
});
