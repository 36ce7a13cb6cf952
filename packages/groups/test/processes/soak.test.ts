import { expect, it } from "vitest";
import { soak } from "./soak.ts";

it("three processes under load keep every acknowledged operation through kills, pauses and a restart of all", {
  timeout: 90_000,
}, async () => {
  const report = await soak({ seed: 1, kills: 3, restarts: 1, pauses: 2 });
  expect(report.violations).toEqual([]);
  expect(report).toMatchObject({ lost: 0, appliedTwice: 0 });
  expect(report.tally.acknowledged).toBeGreaterThan(200);
});
