import { seededRandom } from "@mosaik/primitives";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { retryDefaults } from "../config.ts";
import { type Refusal, SubscriptionMachine } from "./subscription.ts";

function machine(seed = 1): SubscriptionMachine {
  return new SubscriptionMachine(retryDefaults, seededRandom(seed));
}

/** Tries where it is time. Returns whether it was. */
function tried(of: SubscriptionMachine, now: number, fresh: boolean): boolean {
  const due = of.due(now, fresh);
  if (due) of.begin();
  return due;
}

/** How long it waits from `now` on. */
function wait(of: SubscriptionMachine, now: number): number {
  return of.state.state === "waiting" ? of.state.until - now : -1;
}

describe("a subscription", () => {
  it("dials once, however often it is looked at", () => {
    const subscription = machine();
    expect(tried(subscription, 0, true)).toBe(true);
    expect(tried(subscription, 1, true)).toBe(false);
    subscription.accepted(2);
    expect(tried(subscription, 3, true)).toBe(false);
  });

  it("waits longer from failure to failure, up to a limit", () => {
    const subscription = machine();
    let longest = 0;
    for (let attempt = 0; attempt < 40; attempt++) {
      tried(subscription, 0, true);
      subscription.ended(0, "unreachable");
      const base = Math.min(10_000, 250 * 1.6 ** attempt);
      expect(wait(subscription, 0)).toBeGreaterThanOrEqual(base * 0.5);
      expect(wait(subscription, 0)).toBeLessThanOrEqual(base * 1.5);
      longest = Math.max(longest, wait(subscription, 0));
    }
    expect(longest).toBeGreaterThan(10_000);
  });

  it("is tried again when its time has come, and not before", () => {
    const subscription = machine();
    tried(subscription, 0, true);
    subscription.ended(0, "no-capacity");
    const due = wait(subscription, 0);
    expect(tried(subscription, due - 1, false)).toBe(false);
    expect(tried(subscription, due, false)).toBe(true);
  });

  it("is tried again at once when the producer changed, whatever the reason", () => {
    const reasons: Refusal[] = ["not-found", "not-allowed", "no-capacity", "too-slow"];
    for (const reason of [...reasons, "incompatible" as const, "unreachable" as const]) {
      const subscription = machine();
      tried(subscription, 0, true);
      subscription.ended(0, reason);
      expect(tried(subscription, 0, true)).toBe(true);
    }
  });

  it("comes back quickly after a loss, but not again and again", () => {
    const subscription = machine();
    tried(subscription, 0, true);
    subscription.accepted(0);
    subscription.ended(100, "unreachable");
    expect(wait(subscription, 100)).toBeLessThanOrEqual(50);
    tried(subscription, 1000, false);
    subscription.accepted(1000);
    subscription.ended(1100, "unreachable");
    expect(wait(subscription, 1100)).toBeGreaterThanOrEqual(200);
    tried(subscription, 10_000, false);
    subscription.accepted(10_000);
    subscription.ended(20_000, "unreachable");
    expect(wait(subscription, 20_000)).toBeLessThanOrEqual(50);
  });

  it("rarely asks again who refused for a reason that only a change can lift", () => {
    for (const reason of ["not-allowed", "not-wanted", "incompatible"] as const) {
      const subscription = machine();
      tried(subscription, 0, true);
      subscription.ended(0, reason);
      expect(wait(subscription, 0)).toBeGreaterThanOrEqual(30_000);
      expect(tried(subscription, 90_001, false)).toBe(true);
    }
  });

  it("begins anew with a producer that withdrew and offers again", () => {
    const subscription = machine();
    tried(subscription, 0, true);
    subscription.ended(0, "incompatible");
    subscription.withdrawn();
    expect(subscription.state.state).toBe("idle");
    expect(tried(subscription, 1, false)).toBe(true);
  });

  it("outlives the withdrawal while it holds: what is on the way arrives", () => {
    const subscription = machine();
    tried(subscription, 0, true);
    subscription.accepted(0);
    subscription.withdrawn();
    expect(subscription.state.state).toBe("subscribed");
  });

  it("never has two attempts at a time, whatever happens", () => {
    const event = fc.constantFrom("offered", "fresh", "withdrawn", "accepted", "lost", "refused");
    fc.assert(
      fc.property(fc.array(event), fc.integer(), (events, seed) => {
        const subscription = machine(seed);
        let open = false;
        let now = 0;
        for (const kind of events) {
          now += 500;
          if (kind === "offered" || kind === "fresh") {
            const dial = tried(subscription, now, kind === "fresh");
            expect(dial && open).toBe(false);
            open ||= dial;
          } else if (kind === "withdrawn") subscription.withdrawn();
          else if (open && kind === "accepted") subscription.accepted(now);
          else if (open) {
            subscription.ended(now, kind === "lost" ? "unreachable" : "not-allowed");
            open = false;
          }
        }
      }),
    );
  });
});
