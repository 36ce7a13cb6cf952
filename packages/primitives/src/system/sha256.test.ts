import fc from "fast-check";
import { expect, test } from "vitest";
import { encodeHex, encodeUtf8 } from "../bytes.ts";
import * as browser from "./browser.ts";
import * as node from "./node.ts";

test("SHA-256 is that of FIPS 180-4, the same on all platforms", () => {
  const abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
  expect(encodeHex(node.sha256(encodeUtf8("abc")))).toBe(abc);
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      expect(encodeHex(node.sha256(bytes))).toBe(encodeHex(browser.sha256(bytes)));
    }),
  );
});
