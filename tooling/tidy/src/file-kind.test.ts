import { expect, it } from "vitest";
import { kindOf } from "./file-kind.ts";

it("a file's place says what it is for", () => {
  const kinds = {
    "packages/streams/src/core/fanout.ts": "core",
    "packages/groups/src/raft/election.ts": "core",
    "packages/groups/src/raft/election.test.ts": "test",
    "packages/streams/src/shell/producer-link.ts": "shell",
    "packages/transport/src/libp2p/transport.ts": "adapter",
    "packages/primitives/src/system/node.ts": "adapter",
    "packages/transport/src/conformance/suite.ts": "suite",
    "packages/streams/src/index.ts": "index",
    "packages/streams/src/wire.ts": "root",
    "packages/streams/test/world.ts": "test",
    "packages/streams/tsup.config.ts": "outside",
    "apps/demo-cluster/src/main.ts": "outside",
  };
  for (const [path, kind] of Object.entries(kinds))
    expect(`${path} ${kindOf(path)}`).toBe(`${path} ${kind}`);
});
