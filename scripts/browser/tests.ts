/**
 * The files of tests that run in a browser, from the root: only there, or there too, unchanged. What
 * searches many seeds or sequences (`simulation`, `model`) is left to Node, and so is what reads files,
 * or starts processes.
 */
export const browserTests: string[] = [
  "packages/*/test/browser/**/*.test.ts",
  "packages/{primitives,transport,discovery,streams,groups,store}/src/**/*.test.ts",
  "packages/transport/test/{conformance-memory,diagnostics,link,loopback,memory-network,memory-simulation,move}.test.ts",
  "packages/discovery/test/service.test.ts",
  "packages/discovery/test/simulation/{hostile,scenarios}.test.ts",
  "packages/streams/test/*.test.ts",
  "packages/streams/test/simulation/partition.test.ts",
  "packages/groups/test/{basics,diagnostics,faults,hostile,scenarios-*,snapshots}.test.ts",
  "packages/groups/test/raft/{anchor,catch-up,election}.test.ts",
  "packages/store/test/{admit,diagnostics,durability,late-readers,snapshot,store,watch}.test.ts",
  "packages/store/test/scenarios/*.test.ts",
  "packages/store/test/replay/{hostile,replay}.test.ts",
];

/** The files of tests that drive pages from Node. */
export const pageTests: string[] = ["apps/*/test/browser/**/*.test.ts"];

/** Those of the first that are about Node. */
export const nodeTests: string[] = [
  "**/node_modules/**",
  "**/{node,libp2p}/**", // what only a process has
  "packages/primitives/src/system/*.test.ts", // both platforms side by side
  "packages/primitives/src/codec/superjson-annotate.test.ts", // Buffer
  "packages/primitives/src/watch.test.ts", // uncaught errors of the process
  "packages/groups/src/storage/browser/indexed-db-storage.test.ts", // where there is none
  "packages/groups/src/group-key.test.ts", // how the console of Node shows it
];
