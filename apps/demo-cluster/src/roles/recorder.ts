import { anyOf, flowOf, type Reading, Summaries, type Summary, Telemetry } from "../contract.ts";
import type { Work, Workplace } from "./role.ts";

/** How much is kept of each stream; the oldest go. */
const keptMax = 10_000;

/** Keeps the newest readings and summaries, and a copy of the ledger. */
export function recorder({ node, reporter, ledger }: Workplace): Work {
  const readings: Reading[] = [];
  const summaries: Summary[] = [];
  const raw = node.streams.consume(Telemetry, { from: anyOf(flowOf(Telemetry).from) });
  const gist = node.streams.consume(Summaries, { from: anyOf(flowOf(Summaries).from) });
  void reporter.follow(raw, (reading) => keep(readings, reading));
  void reporter.follow(gist, (summary) => keep(summaries, summary));
  void ledger("observer").then((group) => reporter.keeps(group));
  return { close: () => {} };
}

function keep<Item>(kept: Item[], item: Item): void {
  kept.push(item);
  if (kept.length > keptMax) kept.splice(0, kept.length / 2);
}
