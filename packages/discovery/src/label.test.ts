import { expect, test } from "vitest";
import { isAddress, isAscending, isLabel, isTicket } from "./label.ts";

test.each(["hub", "role:writer", "Zürich 3", "日本", "🚀", "a".repeat(128)])(
  "'%s' is a label",
  (text) => {
    expect(isLabel(text)).toBe(true);
  },
);

test.each([
  ["empty", ""],
  ["longer than 128 bytes", "ü".repeat(65)],
  ["a control character", "a\u0007"],
  ["a line break", "a\nb"],
  ["an escape sequence", "\u001b[31mred"],
  ["a direction override", "user\u202etxt"],
  ["an invisible space", "a\u200bb"],
  ["half of a surrogate pair", "a\ud800"],
  ["not in normal form C", "u\u0308"],
  ["a space at the end", "hub "],
])("what is %s is no label", (_why, text) => {
  expect(isLabel(text)).toBe(false);
});

test("an address is a printable multiaddr of at most 256 bytes", () => {
  expect(isAddress("/ip4/10.0.0.1/tcp/4100")).toBe(true);
  for (const text of ["", "/", "tcp://a", "/dns4/a b", "/ip4/\u001b", `/${"a".repeat(256)}`]) {
    expect(isAddress(text)).toBe(false);
  }
});

test("a ticket is printable ASCII of at most 8 KiB", () => {
  expect(isTicket("eyJh.eyJz.c2ln")).toBe(true);
  for (const text of ["", "a b", "ü", "a".repeat(8 * 1024 + 1)]) expect(isTicket(text)).toBe(false);
});

test("texts ascend only where none comes twice", () => {
  expect(isAscending([])).toBe(true);
  expect(isAscending(["a", "b"])).toBe(true);
  expect(isAscending(["a", "a"])).toBe(false);
  expect(isAscending(["b", "a"])).toBe(false);
});
