import { expect, test } from "vitest";
import { EventStream, type EventStreamInit } from "./event-stream.ts";

function stream(init: Partial<EventStreamInit<string>> = {}) {
  const lagged = (missed: number): string => `${missed} missed`;
  return new EventStream<string>({ backlogMax: 2, lagged, ...init });
}

test("a reader that is behind is told how many of the oldest went", async () => {
  const events = stream();
  for (const event of ["a", "b", "c", "d"]) events.push(event);
  events.end();
  const read: string[] = [];
  for await (const event of events) read.push(event);
  expect(read).toEqual(["2 missed", "c", "d"]);
});

test("a reader that waits gets the next event, and the end", async () => {
  const events = stream();
  const waiting = [events.next(), events.next()];
  events.push("a");
  events.end();
  expect(await Promise.all(waiting)).toEqual([
    { done: false, value: "a" },
    { done: true, value: undefined },
  ]);
});

test("it ends once, when its signal aborts or its reader lets go", async () => {
  const stop = new AbortController();
  let ends = 0;
  const onEnd = (): void => {
    ends += 1;
  };
  const aborted = stream({ signal: stop.signal, onEnd });
  stop.abort();
  aborted.end();
  const left = stream({ onEnd });
  left.push("a");
  await left.return();
  expect(await left.next()).toEqual({ done: true, value: undefined });
  expect(ends).toBe(2);
  stream({ signal: stop.signal, onEnd });
  expect(ends).toBe(3);
});
