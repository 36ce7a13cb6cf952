import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { concatBytes, encodeHex, encodeUtf8 } from "./bytes.ts";
import { digest, sha256 } from "./digest.ts";

describe("digest", () => {
  it("is the same today as when it was first written to a wire", () => {
    expect(digest("example")).toMatchInlineSnapshot(
      `"6779e7bbc99a7ff14a60ebc8e5e2192e51359965d5a82e877fa31f9dc4153f94"`,
    );
    expect(digest("example", "a", Uint8Array.of(1, 2))).toMatchInlineSnapshot(
      `"08642d0f563e423fa154f57f98867b91be0aef9c9ceec81a4ccf87a8436c8d1d"`,
    );
  });

  it("differs between any two lists of parts, however they run together", () => {
    const parts = fc.array(fc.constantFrom("", "a", "b", "ab", "\0"), { maxLength: 4 });
    fc.assert(
      fc.property(parts, parts, (left, right) => {
        const same = JSON.stringify(left) === JSON.stringify(right);
        expect(digest("test", ...left) === digest("test", ...right)).toBe(same);
      }),
    );
  });

  it("differs between domains, also where the domain swallows a part", () => {
    expect(digest("ab")).not.toBe(digest("a", "b"));
    expect(digest("a", "b")).not.toBe(digest("b", "a"));
  });

  it("takes a text as its UTF-8 bytes", () => {
    expect(digest("test", "é")).toBe(digest("test", concatBytes(encodeUtf8("é"))));
  });
});

describe("sha256", () => {
  it("gives what FIPS 180-4 says", () => {
    expect(encodeHex(sha256(encodeUtf8("abc")))).toBe(
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
    );
  });
});
