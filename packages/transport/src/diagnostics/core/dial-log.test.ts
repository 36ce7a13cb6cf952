import { expect, test } from "vitest";
import { DialLog } from "./dial-log.ts";

test("the newest attempts of the targets dialled last are remembered", () => {
  const log = new DialLog();
  for (let at = 0; at < 10; at++) log.add("first", { at, tookMs: 1, ok: false });
  expect(new Map(Object.entries(log.targets)).get("first")?.map(({ at }) => at)).toEqual([
    2, 3, 4, 5, 6, 7, 8, 9,
  ]);
  for (let at = 0; at < 255; at++) log.add(`other ${at}`, { at, tookMs: 1, ok: true });
  log.add("first", { at: 99, tookMs: 1, ok: true });
  log.add("newest", { at: 100, tookMs: 1, ok: true });
  expect(Object.keys(log.targets)).toHaveLength(256);
  expect(new Map(Object.entries(log.targets)).get("first")).toBeDefined();
  expect(new Map(Object.entries(log.targets)).get("other 0")).toBeUndefined();
});
