import { expect } from "vitest";
import { batchOf, entriesOf, groupOf, metaOf } from "./rig.ts";
import type { Fact } from "./suite.ts";

const closed = { code: "GROUP_STORAGE_FAILED", failure: "closed" };
const locked = { code: "GROUP_STORAGE_FAILED", failure: "locked" };

/** What holds of the end of a room. */
export function endFacts(fact: Fact): void {
  fact("closing waits for what is on its way", async (rig) => {
    const log = await rig.open();
    let done = 0;
    const appends = [1, 2, 3].map(async (index) => {
      await log.append(batchOf({ entries: entriesOf(index, 1) }));
      done++;
    });
    await log.close();
    expect(done).toBe(3);
    await Promise.all(appends);
    if (rig.storage.durable) expect((await rig.open()).stored?.entries).toHaveLength(3);
  });

  fact("closing twice is closing once, and everything else is refused then", async (rig) => {
    const log = await rig.open();
    const stage = log.stageSnapshot(metaOf(1));
    await Promise.all([log.close(), log.close()]);
    await log.close();
    await expect(log.append(batchOf({}))).rejects.toMatchObject(closed);
    await expect(log.saveSnapshot(metaOf(1))).rejects.toMatchObject(closed);
    await expect(log.openSnapshot()).rejects.toMatchObject(closed);
    await expect(stage.write(new Uint8Array(1))).rejects.toMatchObject(closed);
    expect(() => log.stageSnapshot(metaOf(1))).toThrow(expect.objectContaining(closed));
  });

  fact("a room is open once at a time", async (rig) => {
    const log = await rig.open();
    await expect(rig.open()).rejects.toMatchObject(locked);
    await expect(rig.storage.destroy(groupOf("a"))).rejects.toMatchObject(locked);
    await log.close();
    await (await rig.open()).close();
  });

  fact("a room that was destroyed comes back as another incarnation", async (rig) => {
    const log = await rig.open();
    await log.append(batchOf({ entries: entriesOf(1, 2) }));
    await log.close();
    await rig.storage.destroy(groupOf("a"));
    await rig.storage.destroy(groupOf("a"));
    const again = await rig.open();
    expect(again.incarnation).toBe("incarnation-2");
    expect(again.stored).toBeUndefined();
  });
}
