import { expect, test, vi } from "vitest";
import { jsonLog } from "./stderr-log.ts";

test("lines in JSON have what is told at their level, and neither secrets nor what steers terminals", () => {
  const lines: string[] = [];
  const write = vi.spyOn(process.stderr, "write").mockImplementation((line) => {
    lines.push(String(line));
    return true;
  });
  const log = jsonLog("warn").child("streams");
  log.info("not told");
  const text = `evil\u202ename of mosaik:${"a".repeat(40)}`;
  log.warn("refused", { peer: "ab12", readKey: "hush", text, count: 3n, error: new Error("why") });
  write.mockRestore();
  expect(lines).toHaveLength(1);
  expect(lines[0]).not.toContain("\u202e");
  expect(JSON.parse(lines[0] ?? "")).toEqual({
    at: expect.stringMatching(/^\d{4}-/),
    level: "warn",
    name: "mosaik:streams",
    message: "refused",
    facts: {
      peer: "ab12",
      readKey: "[secret]",
      text: "evil\u202ename of [invite]",
      count: "3",
      error: expect.stringContaining("Error: why"),
    },
  });
});
