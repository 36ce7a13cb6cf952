import { expect, test } from "vitest";
import { pages } from "./pages.ts";

test("every page says what happened and what to do", () => {
  expect(pages.size).toBeGreaterThan(70);
  for (const [code, { meaning, hint }] of pages) {
    expect(code).toMatch(/^[A-Z]+(_[A-Z]+)+$/);
    expect(meaning).toMatch(/\.$/);
    expect(hint).not.toMatch(/^$|\.$/);
  }
});
