import { World } from "@mosaik/testing";
import { expect, test } from "vitest";
import { every } from "./every.ts";

test("something that is repeated runs until it is ended, be it by itself", async () => {
  const world = new World({ seed: 1 });
  const at: number[] = [];
  const end = every(world.clock(), 100, () => {
    at.push(world.elapsedMs);
    if (at.length === 3) end();
  });
  await world.run(1_000);
  expect(at).toEqual([100, 200, 300]);
});
