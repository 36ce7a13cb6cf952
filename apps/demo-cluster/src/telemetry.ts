import { readFileSync } from "node:fs";
import { cpus, freemem, loadavg, platform, totalmem } from "node:os";
import { monitorEventLoopDelay } from "node:perf_hooks";
import type { Reading } from "./contract.ts";

/** Processor time since the machine's start, of all processors, milliseconds. */
export interface CpuTime {
  readonly busy: number;
  readonly total: number;
}

/** Bytes since the machine's start, of all interfaces. */
export interface NetworkBytes {
  readonly received: number;
  readonly sent: number;
}

/** Reads the machine's state, as far as the platform tells it. */
export interface Telemetry {
  /** What holds now; rates are since the call before. */
  read(): Reading;
  /** Stops watching the event loop. */
  close(): void;
}

const loopResolutionMs = 10;
const nanosecondsPerMs = 1e6;

/** Begins to watch the machine and the event loop of this process. */
export function createTelemetry(): Telemetry {
  const delays = monitorEventLoopDelay({ resolution: loopResolutionMs });
  delays.enable();
  let before = { at: performance.now(), cpu: cpuTime(), network: networkBytes() };
  return {
    read() {
      const now = { at: performance.now(), cpu: cpuTime(), network: networkBytes() };
      const cpuBusy = shareBusy(before.cpu, now.cpu);
      const network = networkRate(before.network, now.network, now.at - before.at);
      const load = platform() === "win32" ? undefined : loadavg()[0];
      const total = totalmem();
      before = now;
      return {
        at: Date.now(),
        ...(cpuBusy === undefined ? {} : { cpuBusy }),
        memory: { usedBytes: total - freemem(), totalBytes: total },
        ...(load === undefined ? {} : { load }),
        ...(network === undefined ? {} : { network }),
        loopDelay: {
          p50Ms: late(delays.percentile(50)),
          p99Ms: late(delays.percentile(99)),
          maxMs: late(delays.max),
        },
      };
    },
    close: () => void delays.disable(),
  };
}

/** The share of processor time that was spent working; `undefined` while no time was counted. */
export function shareBusy(before: CpuTime, now: CpuTime): number | undefined {
  const total = now.total - before.total;
  if (total <= 0) return undefined;
  return Math.min(1, Math.max(0, (now.busy - before.busy) / total));
}

/** Bytes a second between two counts; `undefined` where there is none or no time went by. */
export function networkRate(
  before: NetworkBytes | undefined,
  now: NetworkBytes | undefined,
  elapsedMs: number,
): { readonly receivedPerSecond: number; readonly sentPerSecond: number } | undefined {
  if (before === undefined || now === undefined || elapsedMs <= 0) return undefined;
  const rate = (from: number, to: number): number => (Math.max(0, to - from) / elapsedMs) * 1_000;
  return {
    receivedPerSecond: rate(before.received, now.received),
    sentPerSecond: rate(before.sent, now.sent),
  };
}

/** The counts in the text of `/proc/net/dev`. */
export function parseNetDev(text: string): NetworkBytes {
  let received = 0;
  let sent = 0;
  for (const line of text.split("\n")) {
    const [name, counts] = line.split(":");
    if (name === undefined || counts === undefined) continue;
    const columns = counts.trim().split(/\s+/).map(Number);
    received += columns[0] ?? 0;
    sent += columns[8] ?? 0;
  }
  return { received, sent };
}

function cpuTime(): CpuTime {
  let busy = 0;
  let total = 0;
  for (const { times } of cpus()) {
    const working = times.user + times.nice + times.sys + times.irq;
    busy += working;
    total += working + times.idle;
  }
  return { busy, total };
}

/** Node has no counters of its own; only Linux has them in a file. */
function networkBytes(): NetworkBytes | undefined {
  if (platform() !== "linux") return undefined;
  try {
    return parseNetDev(readFileSync("/proc/net/dev", "utf8"));
  } catch {
    return undefined; // a sandbox without /proc
  }
}

/** A delay as libuv's timer saw it contains the timer's own interval. */
function late(nanoseconds: number): number {
  return Math.max(0, nanoseconds / nanosecondsPerMs - loopResolutionMs);
}
