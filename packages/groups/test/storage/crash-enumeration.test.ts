import { seededRandom } from "@mosaik/primitives";
import { describe, expect, it } from "vitest";
import { batchOf, entriesOf, hardOf } from "../../src/conformance/rig.ts";
import { workload } from "../../src/conformance/workload.ts";
import type { GroupLog } from "../../src/log-storage.ts";
import type { CrashOutcome, MemoryDisk } from "../../src/storage/memory/index.ts";
import { type Expected, isAsExpected, openRoom, run, storageOn } from "./crash-rig.ts";

const acts = [...workload(200, seededRandom(3))];

describe("a member's room through 200 acts, with a crash at every call to the disk", () => {
  it.each(["kept", "dropped", "torn", "reordered"] as const)(
    "what was not synced is %s: nothing acknowledged is lost, nothing comes half",
    { timeout: 120_000 },
    async (outcome) => {
      let crashes = 0;
      const { failure } = await run(acts, async (call, disk, expected) => {
        const crashed = disk.fork({ random: seededRandom(call.number) });
        crashed.crash(outcome);
        await recover(crashed, expected, `${outcome} at ${JSON.stringify(call)}`);
        crashes++;
        return "done" as const;
      });
      expect(failure).toBeUndefined();
      expect(crashes).toBeGreaterThan(900);
    },
  );

  it("a crash during the recovery from a crash loses nothing either", {
    timeout: 120_000,
  }, async () => {
    const outcomes: readonly CrashOutcome[] = ["kept", "dropped", "torn", "reordered"];
    const { failure } = await run(acts.slice(0, 25), async (call, disk, expected) => {
      const moment = disk.fork();
      const outcome = outcomes[call.number % 4] ?? "torn";
      for (let again = 1; again < 14; again++) {
        const random = seededRandom(call.number);
        const crashed: MemoryDisk = moment.fork({
          random,
          fate: ({ number }) => (number === again ? "failed" : "done"),
        });
        crashed.crash(outcome);
        await openRoom(storageOn(crashed), "second").then(
          (log) => log.close(),
          () => {},
        );
        const after = crashed.fork({ random });
        after.crash(outcomes[again % 4] ?? "torn");
        await recover(after, expected, `${outcome} at ${call.number}, then at ${again}`);
      }
      return "done" as const;
    });
    expect(failure).toBeUndefined();
  });

  it("what was found after a kill is still found after a crash", { timeout: 120_000 }, async () => {
    const { failure } = await run(acts, async (call, disk, expected) => {
      const killed = disk.fork();
      killed.kill();
      const log = await openRoom(storageOn(killed), "second");
      const { stored, incarnation } = log;
      expect(await isAsExpected(log, expected), `kill at ${JSON.stringify(call)}`).toBe(true);
      killed.crash("dropped");
      const again = await openRoom(storageOn(killed), "third");
      expect(again.stored, `crash after ${JSON.stringify(call)}`).toEqual(stored);
      expect(again.incarnation).toBe(incarnation);
      return "done" as const;
    });
    expect(failure).toBeUndefined();
  });
});

/** Opens a room after a crash, and demands that nothing was lost and that it can go on. */
async function recover(disk: MemoryDisk, expected: Expected, title: string): Promise<void> {
  const storage = storageOn(disk);
  const log = await openRoom(storage, "second");
  expect(await isAsExpected(log, expected), title).toBe(true);
  if (expected.acknowledged.hard) expect(log.incarnation, title).toBe("first");
  const entries = entriesOf(lastIndexOf(log) + 1, 1, 99);
  const all = [...(log.stored?.entries ?? []), ...entries];
  await log.append(batchOf({ hard: hardOf(99), entries }));
  await log.close();
  const again = await openRoom(storage, "third");
  expect(again.stored?.hard, title).toEqual(hardOf(99));
  expect(again.stored?.entries, title).toEqual(all);
  await again.close();
}

function lastIndexOf({ stored }: GroupLog): number {
  return stored?.entries.at(-1)?.index ?? stored?.snapshot?.index ?? 0;
}
