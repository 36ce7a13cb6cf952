/**
 * The files of tests that run in a browser, from the root: only there, or there too, unchanged. Not
 * all that could: the whole is to take less than a minute on two cores.
 */
export const browserTests: string[] = [
  "packages/*/test/browser/**/*.test.ts",
  "packages/primitives/src/**/*.test.ts",
  "packages/transport/src/core/{build-order,framing,handshake,liveness}.test.ts",
  "packages/transport/test/{conformance-memory,link,memory-network}.test.ts",
  "packages/discovery/test/simulation/hostile.test.ts",
  "packages/streams/test/{basics,choosing,hostile,lag,lifecycle,online,reading}.test.ts",
  "packages/groups/test/{basics,hostile,scenarios-bonds,scenarios-commands}.test.ts",
];

/** The files of tests that drive pages from Node. */
export const pageTests: string[] = ["apps/*/test/browser/**/*.test.ts"];

/** Those of the first that are about Node. */
export const nodeTests: string[] = [
  "**/node_modules/**",
  "packages/primitives/src/system/{clock,identity,pooled-random,timer}.test.ts", // both platforms side by side
  "packages/primitives/src/codec/superjson-annotate.test.ts", // Buffer
  "packages/primitives/src/watch.test.ts", // uncaught errors of the process
];
