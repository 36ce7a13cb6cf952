import fc from "fast-check";
import { expect, test } from "vitest";
import { redacted } from "./redacted.ts";

test("nothing secret is left, wherever it stood", () => {
  const secret = "correct horse battery staple";
  fc.assert(
    fc.property(fc.jsonValue(), fc.string(), (value, around) => {
      const hidden = {
        value,
        readKey: "abcdef",
        [around + secret]: [`${around}${secret}${around}`],
      };
      const text = JSON.stringify(redacted(hidden, [secret]));
      expect(text).not.toContain(secret);
      expect(text).not.toContain("abcdef");
    }),
  );
});

test("what is not secret stays as it is", () => {
  const value = { peer: "ab", items: [1, { ok: true }], none: null, tickets: 0 };
  expect(redacted(value)).toEqual(value);
  const told = { seeds: ["mosaik:pGduZXR3b3JrZWxvY2FsZXNlZWRz"], bytes: new Uint8Array(3) };
  expect(redacted(told)).toEqual({ seeds: ["[invite]"], bytes: "3 bytes" });
});
