import { anyOf, flowOf, Summaries, Telemetry } from "../contract.ts";
import { SummaryWindow } from "../window.ts";
import type { Work, Workplace } from "./role.ts";

/** A summary is made this often. */
const windowMs = 1_000;

/** Consumes all readings and produces a summary of each window of time. */
export function aggregator({ node, reporter }: Workplace): Work {
  const window = new SummaryWindow();
  const readings = node.streams.consume(Telemetry, { from: anyOf(flowOf(Telemetry).from) });
  void reporter.follow(readings, (reading, sensor) => window.add(sensor, reading));
  const summaries = node.streams.produce(Summaries, { accept: anyOf(flowOf(Summaries).to) });
  reporter.produces(summaries);
  const timer = setInterval(() => {
    const summary = window.close(Date.now(), windowMs);
    if (summary.readings > 0) summaries.trySend(summary);
  }, windowMs);
  return { close: () => clearInterval(timer) };
}
