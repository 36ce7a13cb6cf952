import { expect, it } from "vitest";
import { z } from "zod";
import { defineMap, type MapEvent, type MapView, type StoreChange } from "../src/index.ts";
import { inCluster, type Opening } from "./cluster.ts";
import { range } from "./scenarios/play.ts";

const Counts = defineMap({
  name: "counts",
  durability: "memory",
  key: z.number(),
  value: z.number(),
  updates: { add: (count = 0, by: number) => count + by },
});
const often: Opening = { limits: { snapshotEntries: 8, snapshotTrailing: 2 } };

type Told = StoreChange<MapView<number, number>, MapEvent<number, number>>;

/** Rebuilds a map from what a watch tells, and checks that it is told in order and each once. */
class Copy {
  map = new Map<number, number>();
  version = 0;
  resyncs = 0;

  take(told: Told): void {
    expect(told.version).toBeGreaterThan(this.version);
    this.version = told.version;
    if (told.kind === "resync") {
      this.resyncs++;
      this.map = new Map(told.view);
    } else for (const change of told.changes) this.#carryOut(change);
  }

  #carryOut(change: MapEvent<number, number>): void {
    if (change.kind === "cleared") this.map.clear();
    else {
      expect(this.map.get(change.key)).toBe(change.previous);
      if (change.kind === "set") this.map.set(change.key, change.value);
      else this.map.delete(change.key);
    }
  }
}

it.each(range(1, 6))(
  "under churn, members agree and watches are ordered, unique, whole and resumable (seed %d)",
  (seed) =>
    inCluster(
      async (cluster) => {
        const random = cluster.world.random("churn");
        const draw = (below: number): number => Math.floor(random.next() * below);
        const writers = [await cluster.writer(Counts, often)];
        await cluster.online(...writers);
        writers.push(await cluster.writer(Counts, often), await cluster.writer(Counts, often));
        await cluster.online(...writers);
        const copy = new Copy();
        const ending = new AbortController();
        const watched = writers[1];
        const following = (async () => {
          while (!ending.signal.aborted) {
            let left = 1 + draw(9);
            const options = { from: copy.version, signal: ending.signal };
            for await (const told of watched?.watch(options) ?? []) {
              copy.take(told as Told);
              if (--left === 0) break; // and resume
            }
          }
        })();
        const late = [];
        for (const round of range(1, 60)) {
          const writer = writers[draw(writers.length)];
          const key = draw(12);
          if (draw(20) === 0) await writer?.clear();
          else if (draw(3) === 0) await writer?.remove(key);
          else await writer?.update(key, "add", round);
          if (round % 20 === 0) {
            const joining = [cluster.reader(Counts, often), cluster.reader(Counts, often)];
            late.push(...(await Promise.all(joining)));
          }
          if (round === 45) await late.shift()?.close();
        }
        const outcome = await writers[0]?.set(99, 1);
        const version = outcome?.version ?? 0;
        const all = [...writers, ...late];
        await cluster.reach(version, ...all);
        expect(new Set(all.map(({ hash }) => hash)).size).toBe(1);
        await cluster.until(() => copy.version === version);
        ending.abort();
        await following;
        expect(copy.map).toEqual(new Map(writers[0] ?? []));
      },
      { seed },
    ),
);

it("a watch that begins before a snapshot is told to resync, with the state of that version", () =>
  inCluster(async (cluster) => {
    const writer = await cluster.writer(Counts, often);
    await cluster.online(writer);
    let version = 0;
    for (const n of range(1, 40)) ({ version } = await writer.set(n, n));
    const reader = await cluster.reader(Counts, often);
    await cluster.reach(version, reader);
    const copy = new Copy();
    for await (const told of reader.watch({ from: 0 })) {
      copy.take(told);
      if (copy.version === version) break;
    }
    expect(copy.resyncs).toBe(1);
    expect(copy.map).toEqual(new Map(range(1, 40).map((n) => [n, n])));
  }));
