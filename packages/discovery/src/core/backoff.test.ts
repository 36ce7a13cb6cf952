import { seededRandom } from "@mosaik/primitives";
import fc from "fast-check";
import { expect, test } from "vitest";
import { backoffMs } from "./backoff.ts";

const limits = { firstMs: 100, maxMs: 1_000 };

test("the pause doubles up to its maximum, less up to half of it", () => {
  fc.assert(
    fc.property(fc.nat(100), fc.integer(), (failures, seed) => {
      const fullMs = Math.min(1_000, 100 * 2 ** Math.max(0, failures - 1));
      const pauseMs = backoffMs(failures, limits, seededRandom(seed));
      expect(pauseMs).toBeGreaterThan(fullMs / 2);
      expect(pauseMs).toBeLessThanOrEqual(fullMs);
    }),
  );
});
