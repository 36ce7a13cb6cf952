import { discovery } from "@mosaik/discovery";
import type { LogStorage } from "@mosaik/groups";
import { indexedDbStorage } from "@mosaik/groups/browser";
import { systemClock, systemRandom } from "@mosaik/primitives/system";
import { indexedDbBlocks } from "@mosaik/store/browser";
import { streams } from "@mosaik/streams";
import { createNetwork } from "@mosaik/transport";
import { createMemoryNetwork } from "@mosaik/transport/memory";
import { replay, views } from "../../src/index.ts";
import { saveEveryMs } from "../../src/view/config.ts";
import { Count, sums } from "../view/sums.ts";

/*
 * A page that keeps a stream, and folds a view of it that is saved.
 */

let saves = 0;
/** What is due once the time to the next save is over, which is when the test says so. */
let due = (): void => {};
const clock: typeof systemClock = {
  ...systemClock,
  after: (ms, run) => {
    if (ms !== saveEveryMs) return systemClock.after(ms, run);
    due = run;
    return { cancel: () => {} };
  },
};

/** IndexedDB, and how often something was saved in it. */
function counted(storage: LogStorage): LogStorage {
  return {
    ...storage,
    open: async (opening) => {
      const room = await storage.open(opening);
      const saveSnapshot = room.saveSnapshot.bind(room);
      return Object.assign(room, {
        saveSnapshot: async (...meta: Parameters<typeof saveSnapshot>) => {
          const isNewest = await saveSnapshot(...meta);
          saves++;
          return isNewest;
        },
      });
    },
  };
}

const { view, folded } = sums();

async function begin() {
  const memory = createMemoryNetwork({ clock, random: systemRandom });
  const node = await createNetwork({
    network: "test",
    secretKey: new Uint8Array(32).fill(7),
    transport: memory.transport({ address: "/memory/1" }),
    system: { clock },
    services: { discovery: discovery(), streams: streams(), replay: replay(), views: views() },
  });
  const keeper = await node.replay.keep(Count, { storage: indexedDbBlocks() });
  const storage = counted(indexedDbStorage());
  const fold = node.views.fold(view, { storage, fromSnapshot: false });
  const producer = node.streams.produce(Count);
  await producer.when.subscribed();
  return { node, keeper, fold, producer };
}

let page: Awaited<ReturnType<typeof begin>> | undefined;

/** Starts, and answers what is there once all that is kept is folded: and what was folded for that. */
export async function start(): Promise<Found> {
  page = await begin();
  const { fold, keeper } = page;
  await fold.when.reaches(keeper.position);
  const sum = [...fold.entries()].reduce((all, [, value]) => all + value, 0);
  return { sum, entries: fold.size, missed: fold.missed, folded: [...folded] };
}

/** What is there. */
export interface Found {
  readonly sum: number;
  readonly entries: number;
  readonly missed: number;
  readonly folded: readonly number[];
}

/** Sends numbers, and answers when they are folded, and on the disk as history. */
export async function send([from, to]: [number, number]): Promise<void> {
  if (page === undefined) throw new Error("nothing was started");
  const { node, keeper, fold, producer } = page;
  for (let n = from; n < to; n++) await producer.send(n);
  const position = new Map([[node.peer, producer.position]]);
  await Promise.all([fold.when.reaches(position), keeper.when.reaches(position)]);
  await keeper.flush();
}

/** Answers once the view is saved as it is. */
export async function save(): Promise<void> {
  const before = saves;
  due();
  while (saves === before) await new Promise((resolve) => setTimeout(resolve, 1));
}

/** Stops as a page does that has time for it. */
export async function stop(): Promise<void> {
  await page?.node.close();
}
