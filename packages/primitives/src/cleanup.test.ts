import { describe, expect, it } from "vitest";
import { Cleanup } from "./cleanup.ts";

describe("Cleanup", () => {
  it("undoes the last first, each step after the one before it is through", async () => {
    const cleanup = new Cleanup();
    const done: string[] = [];
    cleanup.add(() => void done.push("first"));
    cleanup.add(async () => {
      await Promise.resolve();
      done.push("second");
    });
    expect(cleanup.closed).toBe(false);
    const closing = cleanup.close();
    expect(cleanup.closed).toBe(true);
    await closing;
    expect(done).toEqual(["second", "first"]);
  });

  it("runs its steps once, however often and early it is closed", async () => {
    const cleanup = new Cleanup();
    let runs = 0;
    cleanup.add(() => void runs++);
    await Promise.all([cleanup.close(), cleanup.close()]);
    await cleanup.close();
    expect(runs).toBe(1);
  });

  it("runs the other steps where one fails, then throws its error", async () => {
    const cleanup = new Cleanup();
    const done: string[] = [];
    cleanup.add(() => void done.push("first"));
    cleanup.add(() => Promise.reject(new Error("second")));
    cleanup.add(() => void done.push("third"));
    await expect(cleanup.close()).rejects.toThrow("second");
    expect(done).toEqual(["third", "first"]);
    await expect(cleanup.close()).rejects.toThrow("second");
  });

  it("throws all errors together where several steps fail", async () => {
    const cleanup = new Cleanup();
    const [one, two] = [new Error("one"), new Error("two")];
    cleanup.add(() => Promise.reject(one));
    cleanup.add(() => {
      throw two;
    });
    const error: unknown = await cleanup.close().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(AggregateError);
    expect(error).toHaveProperty("errors", [two, one]);
  });

  it("undoes what is added while it closes, and after", async () => {
    const cleanup = new Cleanup();
    const done: string[] = [];
    cleanup.add(() => {
      cleanup.add(() => void done.push("while closing"));
      done.push("step");
    });
    await cleanup.close();
    await cleanup.close();
    expect(done).toEqual(["step", "while closing"]);
    cleanup.add(() => void done.push("after"));
    await cleanup.close();
    expect(done).toEqual(["step", "while closing", "after"]);
  });

  it("undoes what is added late although an earlier step failed, and keeps both errors", async () => {
    const cleanup = new Cleanup();
    let undone = false;
    const early = new Error("early");
    const late = new Error("late");
    cleanup.add(() => Promise.reject(early));
    await expect(cleanup.close()).rejects.toBe(early);
    cleanup.add(() => {
      undone = true;
      throw late;
    });
    const error: unknown = await cleanup.close().catch((thrown: unknown) => thrown);
    expect(undone).toBe(true);
    expect(error).toHaveProperty("errors", [early, late]);
  });
});
