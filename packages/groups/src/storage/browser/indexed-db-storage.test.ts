import { expect, it } from "vitest";
import { indexedDbStorage } from "./indexed-db-storage.ts";

it("a storage in IndexedDB is refused at once where there is none", () => {
  expect(() => indexedDbStorage()).toThrow(TypeError);
});
