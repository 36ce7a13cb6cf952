import { setTimeout as pause } from "node:timers/promises";
import { anyOf, flowOf, Telemetry } from "../contract.ts";
import type { Work, Workplace } from "./role.ts";

/** It rests this long after each reading: sensors together send some hundred times as much. */
const restMs = 500;

/** What may be on the way to it, or wait in it, from one sensor: about ten readings. */
const windowBytes = 4_096;

/** Consumes readings far more slowly than they come, until it is told to hurry. */
export function slowReader({ node, reporter }: Workplace): Work {
  const awake = new AbortController();
  const readings = node.streams.consume(Telemetry, {
    from: anyOf(flowOf(Telemetry).from),
    windowBytes,
  });
  void reporter.follow(readings, async () => {
    if (awake.signal.aborted) return;
    await pause(restMs, undefined, { signal: awake.signal }).catch(() => {});
  });
  return { hurry: () => awake.abort(), close: () => awake.abort() };
}
