import { expect, test } from "vitest";
import { testPeer } from "../../test/entries.ts";
import { Introductions } from "./introductions.ts";

const anyone = () => true;

test("the longest known peer of the largest source gives way", () => {
  const introductions = new Introductions();
  for (let n = 1; n <= 3; n++) introductions.add(testPeer(n), testPeer(10));
  introductions.add(testPeer(4), testPeer(11));
  expect(introductions.victim(testPeer(12), anyone)).toBe(testPeer(1));
  expect(introductions.victim(testPeer(12), (peer) => peer !== testPeer(1))).toBe(testPeer(2));
});

test("the largest source displaces nobody", () => {
  const introductions = new Introductions();
  for (let n = 1; n <= 3; n++) introductions.add(testPeer(n), testPeer(10));
  expect(introductions.victim(testPeer(10), anyone)).toBeUndefined();
});

test("peers that are gone count for nobody", () => {
  const introductions = new Introductions();
  for (let n = 1; n <= 3; n++) introductions.add(testPeer(n), testPeer(10));
  for (let n = 1; n <= 3; n++) introductions.delete(testPeer(n));
  introductions.add(testPeer(4), testPeer(11));
  expect(introductions.victim(testPeer(10), anyone)).toBe(testPeer(4));
});
