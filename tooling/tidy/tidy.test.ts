import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readRepository } from "./src/repository.ts";
import { rules } from "./src/rules.ts";
import { formatViolation } from "./src/violation.ts";

const repository = await readRepository(join(import.meta.dirname, "..", ".."));

describe("in this repository", () => {
  it.each(Object.entries(rules))("%s", (_demand, rule) => {
    expect(rule(repository).map(formatViolation)).toEqual([]);
  });
});
