import fc from "fast-check";
import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { concatBytes } from "./bytes.ts";
import { defineMessage } from "./message.ts";

const Ping = defineMessage({
  name: "ping",
  bytesMax: 64,
  schema: v.strictObject({ at: v.number(), note: v.optional(v.string()) }),
});

describe("defineMessage", () => {
  it("brings a value back", () => {
    const value = fc.record({ at: fc.integer() });
    fc.assert(
      fc.property(value, (value) => {
        expect(Ping.decode(Ping.encode(value))).toEqual({ ok: true, value });
      }),
    );
  });

  it("refuses bytes above its limit, either way, before it reads them", () => {
    expect(() => Ping.encode({ at: 1, note: "x".repeat(64) })).toThrow("64 are allowed");
    const large = concatBytes(Ping.encode({ at: 1 }), new Uint8Array(64));
    expect(Ping.decode(large)).toMatchObject({ ok: false, error: { code: "MESSAGE_TOO_LARGE" } });
  });

  it("tells bytes that are no message from a message of another form", () => {
    expect(Ping.decode(Uint8Array.of(0xff))).toMatchObject({
      ok: false,
      error: { code: "MESSAGE_MALFORMED", cause: { code: "CODEC_MALFORMED" } },
    });
    const Other = defineMessage({
      name: "other",
      bytesMax: 64,
      schema: v.object({ to: v.string() }),
    });
    expect(Ping.decode(Other.encode({ to: "a" }))).toMatchObject({
      ok: false,
      error: { code: "MESSAGE_MISMATCH", cause: { code: "SCHEMA_MISMATCH" } },
    });
  });

  it("refuses values that have no canonical form", () => {
    expect(() => Ping.encode({ at: Number.NaN })).toThrow("no form");
  });

  it("takes a name of 1 to 255 bytes", () => {
    const named = (name: string) => () => defineMessage({ name, bytesMax: 1, schema: v.any() });
    expect(named("é".repeat(127))).not.toThrow();
    for (const name of ["", "x".repeat(256), "é".repeat(128)]) {
      expect(named(name)).toThrow(RangeError);
    }
  });
});
