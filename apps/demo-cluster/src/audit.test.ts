import type { Delivery, PeerId } from "mosaik";
import { expect, test } from "vitest";
import { Audit } from "./audit.ts";

const item = (producer: string, sequence: number): Delivery<null> => ({
  kind: "item",
  item: null,
  producer: producer as PeerId, // any text will do here
  sequence,
});
const gap = (producer: string, count: number | undefined): Delivery<null> => ({
  kind: "gap",
  count,
  producer: producer as PeerId, // any text will do here
});

function audit(...deliveries: Delivery<null>[]) {
  const account = new Audit();
  for (const delivery of deliveries) account.add(delivery);
  return account.figures;
}

test("items in order, from whatever number on, are in order", () => {
  expect(audit(item("a", 7), item("b", 0), item("a", 8), item("b", 1))).toEqual({
    items: 4,
    gaps: 0,
    lost: 0,
    disorder: 0,
  });
});

test("an announced gap explains exactly as many numbers as it counts", () => {
  expect(audit(item("a", 0), gap("a", 3), item("a", 4))).toMatchObject({ gaps: 3, lost: 0 });
  expect(audit(item("a", 0), gap("a", 3), item("a", 6))).toMatchObject({ gaps: 3, lost: 2 });
  expect(audit(item("a", 0), gap("a", 3), item("a", 2))).toMatchObject({ gaps: 3, disorder: 1 });
});

test("items lost without a word are counted", () => {
  expect(audit(item("a", 0), item("a", 4))).toMatchObject({ lost: 3 });
});

test("a repetition is disorder, and is not expected again", () => {
  expect(audit(item("a", 0), item("a", 1), item("a", 0), item("a", 2))).toMatchObject({
    lost: 0,
    disorder: 1,
  });
});

test("after a gap of unknown size counting begins anew", () => {
  expect(audit(item("a", 90), gap("a", undefined), item("a", 0))).toMatchObject({
    lost: 0,
    disorder: 0,
  });
});
