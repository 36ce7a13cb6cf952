import { World } from "@mosaik/testing";
import { describe, expect, it } from "vitest";
import { dialAddressTimeoutMs, dialStaggerMs } from "./config.ts";
import { dialFirst } from "./dial.ts";

/** How an address behaves: after so many milliseconds it answers, or fails with an error. */
type Behaviour = { readonly afterMs: number; readonly error?: Error };

/** Dials addresses that behave as told, and records when each was tried and given up. */
function dialling(behaviours: Readonly<Record<string, Behaviour>>) {
  const world = new World({ seed: 1 });
  const clock = world.clock();
  const controller = new AbortController();
  const tried: [string, number][] = [];
  const givenUp: string[] = [];
  const discarded: string[] = [];
  const won = dialFirst<string>({
    addresses: Object.keys(behaviours),
    signal: controller.signal,
    clock,
    discard: (address) => discarded.push(address),
    attempt: (address, signal) => {
      tried.push([address, world.elapsedMs]);
      const { afterMs, error } = behaviours[address] ?? { afterMs: 0 };
      return new Promise<string>((resolve, reject) => {
        signal.addEventListener("abort", () => {
          givenUp.push(address);
          reject(new Error("aborted"));
        });
        const settle = () => (error === undefined ? resolve(address) : reject(error));
        clock.after(afterMs, settle);
      });
    },
  });
  return { world, controller, tried, givenUp, discarded, won };
}

const refused = new Error("connect ECONNREFUSED");
const never = 3_600_000;

describe("dialling", () => {
  it("tries one address only where that answers soon", async () => {
    const { world, won, tried } = dialling({ a: { afterMs: 10 }, b: { afterMs: 10 } });
    expect(await world.settle(won)).toBe("a");
    await world.run(10_000);
    expect(tried).toEqual([["a", 0]]);
  });

  it("tries the next at once where one fails", async () => {
    const { world, won, tried } = dialling({
      a: { afterMs: 10, error: refused },
      b: { afterMs: 10 },
    });
    expect(await world.settle(won)).toBe("b");
    expect(tried).toEqual([
      ["a", 0],
      ["b", 10],
    ]);
  });

  it("tries the next beside one that is slow, and gives that up when the next answers", async () => {
    const { world, won, tried, givenUp } = dialling({
      a: { afterMs: never },
      b: { afterMs: 10 },
    });
    expect(await world.settle(won)).toBe("b");
    expect(tried.at(-1)).toEqual(["b", dialStaggerMs]);
    expect(givenUp).toEqual(["a"]);
  });

  it("lets a slow one win over a later, slower one", async () => {
    const { world, won, givenUp } = dialling({
      a: { afterMs: dialStaggerMs + 10 },
      b: { afterMs: never },
    });
    expect(await world.settle(won)).toBe("a");
    expect(givenUp).toEqual(["b"]);
  });

  it("never aborts the signal of the one that won", async () => {
    const { world, controller, won, givenUp } = dialling({ a: { afterMs: 10 } });
    await world.settle(won);
    controller.abort();
    await world.run(dialAddressTimeoutMs * 2);
    expect(givenUp).toEqual([]);
  });

  it("names a reason for each address where none answers", async () => {
    const { world, won } = dialling({
      a: { afterMs: never },
      b: { afterMs: 10, error: refused },
    });
    await expect(world.settle(won)).rejects.toMatchObject({
      code: "NETWORK_UNREACHABLE",
      retryable: true,
      data: {
        attempts: [
          { address: "b", reason: "nothing listens there" },
          { address: "a", reason: "no answer in time" },
        ],
      },
    });
    expect(world.elapsedMs).toBe(dialAddressTimeoutMs);
  });

  it("gives all up when it is aborted", async () => {
    const { world, controller, won, givenUp } = dialling({
      a: { afterMs: never },
      b: { afterMs: never },
    });
    const reason = new Error("changed my mind");
    const rejected = expect(won).rejects.toBe(reason);
    await world.run(dialStaggerMs);
    controller.abort(reason);
    await rejected;
    expect(givenUp).toEqual(["a", "b"]);
  });

  it("discards what is won too late", async () => {
    const world = new World({ seed: 1 });
    const controller = new AbortController();
    const discarded: string[] = [];
    const won = dialFirst<string>({
      addresses: ["a"],
      signal: controller.signal,
      clock: world.clock(),
      discard: (address) => discarded.push(address),
      // does not heed the signal
      attempt: (address) =>
        new Promise((resolve) => void world.clock().after(10, () => resolve(address))),
    });
    const rejected = expect(won).rejects.toBe("enough");
    controller.abort("enough");
    await rejected;
    await world.run(100);
    expect(discarded).toEqual(["a"]);
  });

  it("fails where there is no address", async () => {
    const { world, won } = dialling({});
    await expect(world.settle(won)).rejects.toMatchObject({ code: "NETWORK_UNREACHABLE" });
  });
});
