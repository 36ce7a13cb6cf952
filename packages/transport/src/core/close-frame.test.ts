import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { closeTextBytesMax, decodeClose, encodeClose } from "./close-frame.ts";

describe("a close frame", () => {
  it("keeps its number and its text, cut where it is too long", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 0xffff }),
        fc.string({ unit: "grapheme" }),
        (code, text) => {
          const payload = encodeClose(code, text);
          expect(payload.byteLength).toBeLessThanOrEqual(2 + closeTextBytesMax);
          const reason = decodeClose(payload, {});
          expect(reason.code).toBe(code);
          expect(reason.by).toBe("remote");
        },
      ),
    );
    expect(decodeClose(encodeClose(100, "so tired"), { tired: 100 })).toEqual({
      code: 100,
      name: "tired",
      text: "so tired",
      by: "remote",
    });
  });

  it("of a number that nobody knows is called unknown", () => {
    expect(decodeClose(encodeClose(777, ""), {}).name).toBe("unknown");
  });

  it("of garbage is a violation at worst, never a throw", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (payload) => {
        expect(decodeClose(payload, {}).by).toBe("remote");
      }),
      { numRuns: 100_000 },
    );
    expect(decodeClose(new Uint8Array(1), {}).name).toBe("protocol-violation");
  });
});
