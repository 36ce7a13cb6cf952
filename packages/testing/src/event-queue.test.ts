import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { EventQueue, type ScheduledEvent } from "./event-queue.ts";

function drain(queue: EventQueue): void {
  for (let run = queue.take(); run !== undefined; run = queue.take()) run();
}

describe("an event queue", () => {
  it("gives events by time, those of one time as scheduled, and no cancelled one", () => {
    const events = fc.array(fc.record({ at: fc.nat(20), cancelled: fc.boolean() }));
    fc.assert(
      fc.property(events, (plan) => {
        const queue = new EventQueue();
        const seen: number[] = [];
        const scheduled = plan.map(({ at }, index) => queue.add(at, () => void seen.push(index)));
        scheduled.forEach((event, index) => {
          if (plan[index]?.cancelled) queue.cancel(event);
        });
        const expected = plan
          .map(({ at, cancelled }, index) => ({ at, cancelled, index }))
          .filter(({ cancelled }) => !cancelled)
          .sort((a, b) => a.at - b.at || a.index - b.index);
        expect(queue.size).toBe(expected.length);
        drain(queue);
        expect(seen).toEqual(expected.map(({ index }) => index));
        expect([queue.size, queue.nextAt]).toEqual([0, Number.POSITIVE_INFINITY]);
      }),
    );
  });

  it("stays right when thousands of events are cancelled", () => {
    const queue = new EventQueue();
    const seen: number[] = [];
    const events: ScheduledEvent[] = [];
    for (let at = 5000; at > 0; at--) events.push(queue.add(at, () => void seen.push(at)));
    for (const event of events) if (event.at % 1000 !== 0) queue.cancel(event);
    expect(queue.size).toBe(5);
    drain(queue);
    expect(seen).toEqual([1000, 2000, 3000, 4000, 5000]);
  });

  it("ignores the cancelling of what has happened", () => {
    const queue = new EventQueue();
    const event = queue.add(1, () => {});
    drain(queue);
    queue.cancel(event);
    queue.add(2, () => {});
    expect(queue.size).toBe(1);
  });
});
