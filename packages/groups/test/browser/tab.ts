import { indexedDbStorage } from "@mosaik/groups/browser";
import { batchOf, entriesOf, groupOf } from "../../src/conformance/rig.ts";
import type { GroupLog } from "../../src/log-storage.ts";

let log: GroupLog | undefined;
let acknowledged = 0;

/** Opens a room, in whatever tab this runs: `opened`, or how that failed. */
export async function open(name: string): Promise<string> {
  try {
    const freshIncarnation = crypto.randomUUID();
    log = await indexedDbStorage({ name }).open({ group: groupOf("a"), freshIncarnation });
    return "opened";
  } catch (cause) {
    return (cause as { failure?: string }).failure ?? String(cause);
  }
}

/** Begins to append without end, several batches on their way at a time. */
export function keepAppending(): void {
  void (async () => {
    for (let at = 1; ; at += 4) {
      const batches = [0, 1, 2, 3].map((more) => batchOf({ entries: entriesOf(at + more, 1) }));
      const writing = batches.map(async (batch) => {
        await log?.append(batch);
        acknowledged++;
      });
      await Promise.all(writing);
    }
  })();
}

/** Answers once so many batches are acknowledged: how many are. */
export async function appended(count: number): Promise<number> {
  while (acknowledged < count) await new Promise((resolve) => setTimeout(resolve, 1));
  return acknowledged;
}
