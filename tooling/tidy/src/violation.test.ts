import { expect, it } from "vitest";
import { formatViolation } from "./violation.ts";

it("a violation reads as place, rule, fault and mend", () => {
  const violation = {
    rule: "no-any",
    file: "a.ts",
    line: 3,
    what: "an `any`",
    mend: "use unknown",
  };
  expect(formatViolation(violation)).toBe("a.ts:3 [no-any] an `any` → use unknown");
});
