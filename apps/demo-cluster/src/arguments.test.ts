import { expect, test } from "vitest";
import { readArguments } from "./arguments.ts";

test("without options there are nine processes and a network of its own each time", () => {
  const first = readArguments([]);
  const second = readArguments([]);
  if (first.kind !== "run" || second.kind !== "run") throw new Error("it should run");
  const { sensors, aggregators, recorders } = first.cast;
  expect(1 + sensors + aggregators + recorders).toBe(9);
  expect(first.network).not.toBe(second.network);
  expect(first).toMatchObject({ headless: false, json: false, seconds: 45, log: "error" });
});

test("--json implies --headless", () => {
  expect(readArguments(["--json"])).toMatchObject({ headless: true, json: true });
});

test("what it does not understand is refused with the reason", () => {
  const misuse = { kind: "misuse", reason: expect.any(String) };
  expect(readArguments(["--secnods", "3"])).toEqual(misuse);
  expect(readArguments(["--seconds", "soon"])).toEqual(misuse);
  expect(readArguments(["--seconds", "2"])).toEqual(misuse);
  expect(readArguments(["--log", "loud"])).toEqual(misuse);
});

test("--help wins", () => {
  expect(readArguments(["--help"])).toEqual({ kind: "help" });
});
