import { describe, expect, it } from "vitest";
import { CommandError, run } from "./run.ts";

describe("run", () => {
  it("returns what a command printed", async () => {
    expect(await run(process.execPath, ["--print", "1 + 1"])).toBe("2\n");
  });

  it("fails with all that a command printed", async () => {
    const code = "console.log('out'); console.error('err'); process.exit(3)";
    const failed: unknown = await run(process.execPath, ["--eval", code]).catch((e: unknown) => e);
    expect(failed).toBeInstanceOf(CommandError);
    expect(String(failed)).toMatch(/out\nerr/);
  });

  it("fails where a command takes too long", async () => {
    const forever = "setInterval(() => {}, 1000)";
    await expect(run(process.execPath, ["--eval", forever], { timeoutMs: 500 })).rejects.toThrow();
  });
});
