import { totalmem } from "node:os";
import { expect, test } from "vitest";
import { Reading } from "./contract.ts";
import { createTelemetry, networkRate, parseNetDev, shareBusy } from "./telemetry.ts";

test("counts of all interfaces are added up", () => {
  const text = `Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs
    lo:     100       1    0    0    0     0          0         0      100       1    0
  eth0:    2000      12    0    0    0     0          0         0      300       5    0
`;
  expect(parseNetDev(text)).toEqual({ received: 2100, sent: 400 });
});

test("the busy share is of the time that went by, and unknown where none did", () => {
  expect(shareBusy({ busy: 10, total: 100 }, { busy: 25, total: 160 })).toBe(0.25);
  expect(shareBusy({ busy: 10, total: 100 }, { busy: 10, total: 100 })).toBeUndefined();
});

test("rates are unknown where the platform has no counters", () => {
  expect(networkRate(undefined, { received: 1, sent: 1 }, 1_000)).toBeUndefined();
  expect(networkRate({ received: 0, sent: 0 }, { received: 50, sent: 10 }, 500)).toEqual({
    receivedPerSecond: 100,
    sentPerSecond: 20,
  });
});

test("what is read of this machine fits the contract and is this machine's", () => {
  const telemetry = createTelemetry();
  const reading = telemetry.read();
  telemetry.close();
  expect(Reading.parse(reading)).toEqual(reading);
  expect(reading.memory.totalBytes).toBe(totalmem());
  expect(reading.memory.usedBytes).toBeGreaterThan(0);
});
