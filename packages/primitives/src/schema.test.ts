import type { StandardSchemaV1 } from "@standard-schema/spec";
import { type } from "arktype";
import * as v from "valibot";
import { describe, expect, expectTypeOf, it } from "vitest";
import * as z from "zod";
import type { Infer, Schema } from "./schema.ts";
import { validate } from "./schema.ts";

const schemas = {
  zod: z.object({ id: z.string(), temp: z.number() }),
  valibot: v.object({ id: v.string(), temp: v.number() }),
  arktype: type({ id: "string", temp: "number" }),
};

describe.each(Object.entries(schemas))("validate with %s", (_name, schema: Schema) => {
  it("returns what fits", () => {
    const value = { id: "a", temp: 21.5 };
    expect(validate(schema, value)).toEqual({ ok: true, value });
  });

  it("says where a value does not fit", () => {
    const checked = validate(schema, { id: "a", temp: "warm" });
    expect(checked).toMatchObject({ ok: false, error: { code: "SCHEMA_MISMATCH" } });
    expect(checked.ok ? "" : checked.error.message).toContain("temp");
    expect(checked).toHaveProperty("error.data.issues.length", 1);
  });

  it("takes whatever a peer sends without a throw", () => {
    const hostile = [null, undefined, 1, "a", [], new Map(), () => {}, Object.create(null)];
    for (const value of [...hostile, JSON.parse('{"__proto__":{"id":"a","temp":1}}')]) {
      expect(validate(schema, value).ok).toBe(false);
    }
  });

  it("infers its type", () => {
    expectTypeOf<Infer<(typeof schemas)["zod"]>>().toEqualTypeOf<{ id: string; temp: number }>();
    expectTypeOf<Infer<(typeof schemas)["valibot"]>>().toEqualTypeOf<{
      id: string;
      temp: number;
    }>();
    expectTypeOf<Infer<(typeof schemas)["arktype"]>>().toEqualTypeOf<{
      id: string;
      temp: number;
    }>();
  });
});

describe("validate", () => {
  const own = (validate: StandardSchemaV1<unknown, unknown>["~standard"]["validate"]): Schema => ({
    "~standard": { version: 1, vendor: "test", validate },
  });

  it("returns what the schema makes of a value", () => {
    const schema = z.string().transform((text) => text.length);
    expect(validate(schema as Schema<number>, "four")).toEqual({ ok: true, value: 4 });
  });

  it("refuses schemas that validate asynchronously, whatever they would have said", () => {
    const late = z.string().refine(async (text) => text.length > 3);
    expect(validate(late, "text")).toMatchObject({ ok: false, error: { code: "SCHEMA_ASYNC" } });
    const rejecting = own(() => Promise.reject(new Error("late")));
    expect(validate(rejecting, 1)).toMatchObject({ ok: false, error: { code: "SCHEMA_ASYNC" } });
  });

  it("turns what a validator throws into a mismatch", () => {
    const throwing = own(() => {
      throw new Error("a bad validator");
    });
    const checked = validate(throwing, 1);
    expect(checked).toMatchObject({ ok: false, error: { code: "SCHEMA_MISMATCH" } });
    expect(checked).toHaveProperty("error.cause.message", "a bad validator");
  });

  it("bounds what it says, however long and many the issues", () => {
    const issues = Array.from({ length: 1000 }, () => ({ message: "x".repeat(100_000) }));
    const checked = validate(
      own(() => ({ issues })),
      1,
    );
    expect(checked.ok ? 0 : checked.error.message.length).toBeLessThan(2000);
    const quoting = validate(v.literal("a"), "x".repeat(1_000_000));
    expect(quoting.ok ? 0 : quoting.error.message.length).toBeLessThan(400);
  });

  it("describes paths of every kind of key", () => {
    const path = [{ key: "list" }, 0, Symbol("s")];
    const checked = validate(
      own(() => ({ issues: [{ message: "bad", path }] })),
      1,
    );
    expect(checked.ok ? "" : checked.error.message).toContain("list.0.Symbol(s): bad");
    const odd = own(() => ({ issues: [{ message: "bad", path: [Object.create(null)] }] }));
    expect(validate(odd, 1)).toMatchObject({ ok: false, error: { code: "SCHEMA_MISMATCH" } });
  });
});
