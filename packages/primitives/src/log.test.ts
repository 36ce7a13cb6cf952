import { expect, it } from "vitest";
import { silentLog } from "./log.ts";

it("a silent log takes everything and is its own child", () => {
  silentLog.error("words", { fact: 1 });
  silentLog.warn("words");
  silentLog.info("words");
  silentLog.debug("words");
  expect(silentLog.child("part")).toBe(silentLog);
});
