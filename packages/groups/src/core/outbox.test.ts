import { describe, expect, it } from "vitest";
import { commandsMax } from "../config.ts";
import { Outbox } from "./outbox.ts";

function filled(count: number): Outbox<string> {
  const outbox = new Outbox<string>();
  for (let index = 1; index <= count; index++) {
    outbox.add({ commands: [], bytes: 10, givenAt: 0, deadlineMs: index, ticket: `t${index}` });
  }
  return outbox;
}

const sequences = (items: readonly { sequence: number }[]): number[] =>
  items.map(({ sequence }) => sequence);

describe("an outbox", () => {
  it("gives out in order, as much as fits and at least one", () => {
    const outbox = filled(5);
    expect(sequences(outbox.take(25))).toEqual([1, 2]);
    expect(sequences(outbox.take(1))).toEqual([3]);
    expect(sequences(outbox.take(100))).toEqual([4, 5]);
    expect(outbox.hasUnsent).toBe(false);
  });

  it("gives out everything that is open again after a rewind", () => {
    const outbox = filled(4);
    outbox.take(100);
    outbox.settle(2);
    expect(outbox.settled).toBe(2);
    outbox.rewind();
    expect(sequences(outbox.take(100))).toEqual([3, 4]);
    expect(outbox.find(3)?.ticket).toBe("t3");
    expect(outbox.find(2)).toBeUndefined();
  });

  it("has nothing open once all is settled, and numbers on", () => {
    const outbox = filled(200);
    outbox.take(150);
    expect(sequences(outbox.settle(200)).length).toBe(200);
    expect(outbox.settled).toBe(200);
    const next = outbox.add({ commands: [], bytes: 1, givenAt: 0, deadlineMs: 1, ticket: "n" });
    expect(next?.sequence).toBe(201);
    expect(sequences(outbox.take(100))).toEqual([201]);
  });

  it("takes no more than it may hold", () => {
    const outbox = filled(commandsMax);
    const more = { commands: [], bytes: 1, givenAt: 0, deadlineMs: 1, ticket: "n" };
    expect(outbox.add(more)).toBeUndefined();
  });
});
