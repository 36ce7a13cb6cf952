import { expect, test } from "vitest";
import { WritePace } from "./write-pace.ts";

function quick(pace: WritePace, count: number): void {
  for (let at = 0; at < count; at++) pace.took(0.3);
}

test("writes are made in place once the disk has been quick for a while", () => {
  const pace = new WritePace(true);
  quick(pace, 15);
  expect(pace.isInPlace(100)).toBe(false);
  quick(pace, 1);
  expect(pace.isInPlace(100)).toBe(true);
  expect(pace.isInPlace(1_000_000)).toBe(false);
});

test("a slow disk holds up one write, and none until it has been quick again", () => {
  const pace = new WritePace(true);
  quick(pace, 100);
  pace.took(2_000);
  expect(pace.isInPlace(100)).toBe(false);
  quick(pace, 15);
  pace.took(5);
  quick(pace, 15);
  expect(pace.isInPlace(100)).toBe(false);
  quick(pace, 1);
  expect(pace.isInPlace(100)).toBe(true);
});

test("no write is made in place where none may hold up the process", () => {
  const pace = new WritePace(false);
  quick(pace, 100);
  expect(pace.isInPlace(100)).toBe(false);
});
