import { type Clock, silentLog } from "@mosaik/primitives";
import { World } from "@mosaik/testing";
import { expect, test } from "vitest";
import { applyTurnBytes, applyTurnMs, snapshotRetryFirstMs, snapshotSliceMs } from "../config.ts";
import type { Applied } from "../core/replica.ts";
import type { Entry } from "../raft/entry.ts";
import { VolatileLog } from "../storage/memory/volatile-log.ts";
import { type AnyReplica, ApplyQueue } from "./apply-queue.ts";

/** A queue over a replica that notes what it applies. */
function scene() {
  const world = new World({ seed: 1 });
  const applied: number[] = [];
  const advanced: number[] = [];
  const told: string[] = [];
  const machine = { snapshots: 0, fails: false, applyMs: 0, busyMs: 0 };
  const clock = world.clock();
  const replica = {
    apply: ({ index }: Entry): Applied<never> | undefined => {
      applied.push(index);
      machine.busyMs += machine.applyMs;
      return undefined;
    },
    settle: () => {},
    restoration: () => ({ take: () => [], finish: () => true }),
    position: 1,
    snapshot: () => {
      machine.snapshots++;
      if (machine.fails) throw new Error("no");
      return [new Uint8Array(10)];
    },
  } as unknown as AnyReplica<never>; // nothing else of it is used here
  const log = new VolatileLog("one", () => {});
  const queue = new ApplyQueue<never>({
    replica,
    storage: log,
    clock: { ...spread(clock), monotonic: () => clock.monotonic() + machine.busyMs },
    log: silentLog,
    listener: {
      applied: () => {},
      advanced: (position) => advanced.push(position),
      restored: () => {},
      broken: (_, error) => {
        throw error;
      },
    },
    snapshots: {
      saved: ({ index }, bytes) => told.push(`saved ${index}, ${bytes} bytes`),
      missed: (error) => told.push(error === undefined ? "missed" : `missed: ${error}`),
    },
  });
  return { world, queue, applied, advanced, told, machine, log };
}

function spread(clock: Clock): Clock {
  return {
    now: () => clock.now(),
    monotonic: () => clock.monotonic(),
    after: (ms, run) => clock.after(ms, run),
    soon: (run) => clock.soon(run),
  };
}

function entries(from: number, count: number, bytes: number): Entry[] {
  return Array.from({ length: count }, (_, at) => ({
    index: from + at,
    term: 1,
    kind: "command",
    data: new Uint8Array(bytes),
    configuration: undefined,
  }));
}

test("what fits into a turn is applied at once", () => {
  const { queue, applied, advanced } = scene();
  queue.push(entries(1, 100, 64));
  expect(applied).toHaveLength(100);
  expect(advanced).toEqual([100]);
  expect(queue.isBehind).toBe(false);
});

test("what is not urgent is applied in the next turn, and what comes meanwhile after it", async () => {
  const { world, queue, applied } = scene();
  queue.push(entries(1, 2, 64), undefined, "soon");
  queue.push(entries(3, 1, 64));
  expect(applied).toEqual([]);
  expect(queue.isBehind).toBe(true);
  await world.run(1);
  expect(applied).toEqual([1, 2, 3]);
  expect(queue.isBehind).toBe(false);
});

test("of more the event loop turns between parts, in order, each once, and what comes meanwhile waits", async () => {
  const { world, queue, applied, advanced } = scene();
  const part = applyTurnBytes / 2;
  queue.push(entries(1, 10, part));
  expect(applied).toEqual([1, 2, 3]);
  expect(queue.isBehind).toBe(true);
  queue.push(entries(11, 2, 64));
  expect(applied).toEqual([1, 2, 3]);
  await world.run(1);
  expect(applied).toEqual(Array.from({ length: 12 }, (_, at) => at + 1));
  expect(advanced.at(-1)).toBe(12);
  expect(queue.isBehind).toBe(false);
});

test("a turn ends when it has taken long, whatever the commands weigh", async () => {
  const { world, queue, applied, machine } = scene();
  machine.applyMs = 1;
  queue.push(entries(1, 3 * applyTurnMs, 8));
  expect(applied).toHaveLength(applyTurnMs);
  await world.run(1);
  expect(applied).toHaveLength(3 * applyTurnMs);
});

test("nothing is applied after it was closed", async () => {
  const { world, queue, applied } = scene();
  queue.push(entries(1, 10, applyTurnBytes));
  queue.close();
  await world.run(1);
  expect(applied).toEqual([1, 2]);
});

test("a snapshot that cannot be taken is told, and none is tried until a wait that doubles is over", async () => {
  const { world, queue, told, machine } = scene();
  let index = 0;
  const snapshot = async (): Promise<string[]> => {
    index++;
    const meta = { index, term: 1, configuration: { members: [] }, configurationIndex: 1 };
    queue.push(entries(index, 1, 10), meta);
    await world.run(1);
    return told.splice(0);
  };
  machine.fails = true;
  expect(await snapshot()).toEqual(["missed: Error: no"]);
  expect(await snapshot()).toEqual(["missed"]);
  await world.run(snapshotRetryFirstMs);
  expect(await snapshot()).toEqual(["missed: Error: no"]);
  await world.run(snapshotRetryFirstMs);
  expect(await snapshot()).toEqual(["missed"]);
  expect(machine.snapshots).toBe(2);
  machine.fails = false;
  await world.run(snapshotRetryFirstMs);
  expect(await snapshot()).toEqual(["saved 5, 10 bytes"]);
  machine.fails = true;
  expect(await snapshot()).toEqual(["missed: Error: no"]);
  await world.run(snapshotRetryFirstMs);
  machine.fails = false;
  expect(await snapshot()).toEqual(["saved 7, 10 bytes"]);
});

test("after one was read none is taken until a quarter of its bytes was applied: it is there already", async () => {
  const { world, queue, told, log } = scene();
  const meta = (index: number) => {
    return { index, term: 1, configuration: { members: [] }, configurationIndex: 1 };
  };
  const stage = log.stageSnapshot(meta(1));
  for (let piece = 0; piece < 4; piece++) await stage.write(new Uint8Array(1_000));
  await stage.finish();
  await log.saveSnapshot(meta(1));
  queue.restore(meta(1), Promise.resolve());
  for (let index = 2; index <= 4; index++) {
    queue.push(entries(index, 1, 500), meta(index));
    await world.run(10);
  }
  expect(told).toEqual(["missed", "saved 3, 10 bytes", "saved 4, 10 bytes"]);
});

test("of a snapshot that takes long the event loop turns between slices, and rests as long", async () => {
  const world = new World({ seed: 1 });
  const clock = world.clock();
  let busyMs = 0;
  const madeAt: number[] = [];
  const replica = {
    apply: () => undefined,
    settle: () => {},
    *snapshot() {
      for (let record = 0; record < 20; record++) {
        busyMs += 1; // a record takes a millisecond
        madeAt.push(Math.round(clock.monotonic()));
        yield undefined;
      }
      yield new Uint8Array(1);
    },
  } as unknown as AnyReplica<never>; // nothing else of it is used here
  const queue = new ApplyQueue<never>({
    replica,
    storage: new VolatileLog("one", () => {}),
    clock: { ...spread(clock), monotonic: () => clock.monotonic() + busyMs },
    log: silentLog,
    listener: {
      applied: () => {},
      advanced: () => {},
      restored: () => {},
      broken: (_, error) => {
        throw error;
      },
    },
    snapshots: { saved: () => {}, missed: () => {} },
  });
  const configuration = { voters: [], learners: [] };
  const meta = { index: 1, term: 1, configuration } as unknown as Parameters<typeof queue.push>[1];
  queue.push(entries(1, 1, 8), meta);
  await world.run(1_000);
  const slices = Map.groupBy(madeAt, (at) => at);
  expect([...slices.values()].map(({ length }) => length)).toEqual(
    Array.from({ length: 20 / snapshotSliceMs }, () => snapshotSliceMs),
  );
  expect([...slices.keys()].map((at) => at - (madeAt[0] ?? 0))).toEqual(
    Array.from({ length: 20 / snapshotSliceMs }, (_, slice) => slice * snapshotSliceMs),
  );
});
