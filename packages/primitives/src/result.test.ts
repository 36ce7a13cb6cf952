import { expect, it } from "vitest";
import { fail, ok } from "./result.ts";

it("a result is a value or an error", () => {
  expect(ok(1)).toEqual({ ok: true, value: 1 });
  expect(fail("why")).toEqual({ ok: false, error: "why" });
});
