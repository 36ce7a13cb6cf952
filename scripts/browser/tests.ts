/** The files of tests that run in a browser, from the root: only there, or there too, unchanged. */
export const browserTests: string[] = [
  "packages/*/test/browser/**/*.test.ts",
  "packages/primitives/src/**/*.test.ts",
  "packages/transport/src/core/*.test.ts",
  "packages/transport/test/{conformance-memory,link,memory-network}.test.ts",
];

/** Those of them that are about Node. */
export const nodeTests: string[] = [
  "**/node_modules/**",
  "packages/primitives/src/system/{clock,identity,pooled-random,timer}.test.ts", // both platforms side by side
  "packages/primitives/src/codec/superjson-annotate.test.ts", // Buffer
  "packages/primitives/src/watch.test.ts", // uncaught errors of the process
];
