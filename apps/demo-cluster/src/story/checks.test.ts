import { expect, test } from "vitest";
import { ClusterView } from "../cluster-view.ts";
import { settle } from "../scene.ts";
import { type CheckResult, Checks } from "./checks.ts";

function rig() {
  const view = new ClusterView();
  const told: CheckResult[] = [];
  const stop = new AbortController();
  const checks = new Checks({ view, tell: (result) => told.push(result), signal: stop.signal });
  return { view, told, stop, checks };
}

test("what comes to hold in time passes, as soon as a change brings it about", async () => {
  const { view, checks, told } = rig();
  const missing = (): string[] => (view.present.length === 0 ? ["nobody"] : []);
  const outcome = checks.within({ name: "somebody comes", limitMs: 60_000, missing });
  settle(view, [{ role: "seed", name: "seed" }]);
  expect(await outcome).toMatchObject({ ok: true, limitMs: 60_000 });
  expect(told).toEqual(checks.results);
});

test("what does not come to hold fails and says what was missing", async () => {
  const { checks } = rig();
  const outcome = await checks.within({
    name: "never",
    limitMs: 5,
    missing: () => ["this", "that", "more"],
  });
  expect(outcome).toMatchObject({ ok: false, detail: "this, and 2 more" });
});

test("what holds too late fails with the time it took", async () => {
  const { checks } = rig();
  const since = performance.now() - 1_000;
  const outcome = await checks.within({ name: "late", limitMs: 10, since, missing: () => [] });
  expect(outcome.ok).toBe(false);
  expect(outcome.ms).toBeGreaterThanOrEqual(1_000);
});

test("an abort ends the waiting", async () => {
  const { checks, stop } = rig();
  const outcome = checks.within({ name: "never", limitMs: 60_000, missing: () => ["this"] });
  stop.abort(new Error("enough"));
  await expect(outcome).rejects.toThrow("enough");
  await expect(checks.pass(60_000)).rejects.toThrow("enough");
});
