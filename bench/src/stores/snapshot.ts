import { defineMap } from "@mosaik/store";
import { z } from "zod";
import { Room } from "../../../packages/store/src/shell/room.ts";
import { RoomMachine } from "../../../packages/store/src/shell/room-machine.ts";
import { median } from "../statistics.ts";
import type { Snapshot } from "./calls.ts";

const Entries = defineMap({
  name: "entries",
  durability: "memory",
  key: z.string(),
  value: z.number(),
});
/** Entries of one change while the state is made. */
const partEntries = 1_000;

/** Measures snapshots of a map, as a member takes and restores them. */
export function measureSnapshot(entries: number): Snapshot {
  const machine = filled(entries);
  const captures = Array.from({ length: 101 }, () => {
    const begin = performance.now();
    machine.snapshot();
    return (performance.now() - begin) * 1_000;
  });
  globalThis.gc?.();
  const before = used();
  let peak = before;
  let bytes = 0;
  let spentMs = 0;
  let begin = performance.now();
  for (const chunk of machine.snapshot()) {
    spentMs += performance.now() - begin;
    bytes += chunk.byteLength;
    peak = Math.max(peak, used());
    begin = performance.now();
  }
  const target = empty();
  let restoreMs = 0;
  for (const chunk of machine.snapshot()) {
    const at = performance.now();
    target.restore(chunk.slice());
    restoreMs += performance.now() - at;
  }
  if (target.machines[0]?.size !== entries) throw new Error("the snapshot lost entries");
  return {
    captureUs: median(captures),
    chunksMs: spentMs,
    bytes,
    peakBytes: peak - before,
    restoreMs,
  };
}

function used(): number {
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

function empty(): RoomMachine {
  return new RoomMachine(
    new Room(),
    Entries.stores.map(({ machine }) => machine()),
  );
}

function filled(entries: number): RoomMachine {
  const machine = empty();
  for (let from = 0; from < entries; from += partEntries) {
    const count = Math.min(partEntries, entries - from);
    const part = Array.from({ length: count }, (_, at) => [`key ${from + at}`, from + at] as const);
    const { change } = Entries.batch(0).setMany(part);
    machine.apply([[0, ...change]], { position: from + 1, term: 1 });
  }
  return machine;
}
