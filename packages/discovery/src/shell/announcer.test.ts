import { World } from "@mosaik/testing";
import { expect, test } from "vitest";
import { announceTimings } from "../config.ts";
import { Announcer } from "./announcer.ts";

function scene(seed = 1) {
  const world = new World({ seed });
  const said: { readonly atMs: number; readonly anew: boolean }[] = [];
  const announcer = new Announcer({
    clock: world.clock(),
    random: world.random("announcer"),
    intervalMs: 15_000,
    announce: ({ anew }) => said.push({ atMs: world.elapsedMs, anew }),
  });
  return { world, said, announcer };
}

test("changes of one turn are announced once, when it is over", async () => {
  const { world, said, announcer } = scene();
  for (let count = 0; count < 5; count++) announcer.changed();
  expect(said).toEqual([]);
  await world.run(1);
  expect(said).toEqual([{ atMs: 0, anew: false }]);
});

test("changes in quick succession are announced with a gap between", async () => {
  const { world, said, announcer } = scene();
  for (let ms = 0; ms < 1_000; ms += 10) {
    announcer.changed();
    await world.run(10);
  }
  expect(said.length).toBeLessThanOrEqual(1_000 / announceTimings.gapMs + 1);
  expect(said.length).toBeGreaterThan(5);
});

test("a sign of life comes every interval, give or take half of it", async () => {
  const { world, said } = scene();
  await world.run(1_500_000);
  expect(said.every(({ anew }) => anew)).toBe(true);
  const pausesMs = said.map(({ atMs }, index) => atMs - (said[index - 1]?.atMs ?? 0));
  expect(Math.min(...pausesMs)).toBeGreaterThanOrEqual(7_500);
  expect(Math.max(...pausesMs)).toBeLessThanOrEqual(22_500);
  expect(said.length).toBeGreaterThan(80);
});

test("a newer entry of the node itself is outdone at once, then only now and then", async () => {
  const { world, said, announcer } = scene();
  announcer.outdone();
  await world.run(1);
  expect(said).toHaveLength(1);
  for (let ms = 0; ms < 10_000; ms += 20) {
    announcer.outdone();
    await world.run(20);
  }
  expect(said.length).toBeLessThanOrEqual(2 + 10_000 / announceTimings.outdoneGapMs);
});

test("once closed it announces nothing", async () => {
  const { world, said, announcer } = scene();
  announcer.changed();
  announcer.close();
  announcer.announce();
  await world.run(60_000);
  expect(said).toEqual([]);
});
