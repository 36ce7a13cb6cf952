import { expect, test } from "vitest";
import { parseKeys } from "./keys.ts";

test("each key has its command, in either case, and several may come at once", () => {
  expect(parseKeys("krpxaq")).toEqual(["kill", "restart", "pause", "partition", "add", "quit"]);
  expect(parseKeys("K\u0003")).toEqual(["kill", "interrupt"]);
});

test("arrows are understood in both modes of a terminal", () => {
  expect(parseKeys("\u001b[A\u001bOA\u001b[B\u001bOB")).toEqual(["up", "up", "down", "down"]);
});

test("other keys, their letters included, mean nothing", () => {
  expect(parseKeys("\u001b[1;5A\u001b[3~z é\u001bk\u001bOP")).toEqual([]);
});
