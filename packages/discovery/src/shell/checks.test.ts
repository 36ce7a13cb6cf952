import type { PeerId } from "@mosaik/primitives";
import { World } from "@mosaik/testing";
import { describe, expect, it } from "vitest";
import type { EntryVersion } from "../discovery.ts";
import { type CheckCause, Checks } from "./checks.ts";

const peer = "peer" as PeerId;
const before: EntryVersion = { epoch: 1, sequence: 1 };
const after: EntryVersion = { epoch: 1, sequence: 2 };

/** Checks a peer that does not answer, whose newer entry arrives after 100 ms; as of which it failed. */
async function failures(cause: CheckCause): Promise<EntryVersion[]> {
  const world = new World({ seed: 1 });
  const clock = world.clock();
  let version = before;
  const failed: EntryVersion[] = [];
  const checks = new Checks({
    clock,
    random: world.random("checks"),
    versionOf: () => version,
    reach: async () => false,
    reached: () => {},
    failed: (_peer, at) => void failed.push(at),
  });
  checks.check(peer, cause);
  clock.after(50, () => {
    version = after;
  });
  await world.run(10_000);
  checks.close();
  return failed;
}

describe("a check of a peer whose newer entry arrives meanwhile", () => {
  it("is made again where the connection to it was lost: it may have announced before its end", async () => {
    expect(await failures("lost")).toEqual([after]);
  });

  it("says nothing of that entry where others doubted: it may be the answer to them", async () => {
    expect(await failures("hinted")).toEqual([before]);
  });
});
