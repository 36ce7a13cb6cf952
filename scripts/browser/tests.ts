/** The files of tests that run in a browser, from the root: only there, or there too. */
export const browserTests: string[] = ["packages/*/test/browser/**/*.test.ts"];
