import { seededRandom } from "@mosaik/primitives";
import fc from "fast-check";
import { expect, it } from "vitest";
import { incarnationName, newIncarnation } from "./incarnation.ts";

it("a later run of a producer has a greater name", () => {
  const random = seededRandom(1);
  const name = (ms: number) => incarnationName(newIncarnation(ms, random));
  fc.assert(
    fc.property(fc.nat(2 ** 45), fc.integer({ min: 1, max: 2 ** 40 }), (ms, later) => {
      expect(name(ms) < name(ms + later)).toBe(true);
    }),
  );
});

it("two runs that begin at once differ", () => {
  const random = seededRandom(1);
  expect(newIncarnation(5, random)).not.toEqual(newIncarnation(5, random));
});
