import { anyOf, flowOf, type Reading, Summaries, type Summary, Telemetry } from "../contract.ts";
import { readLatest } from "../latest.ts";
import { joinLedger } from "../ledger.ts";
import { Totals } from "../totals.ts";
import type { Work, Workplace } from "./role.ts";

/** How much is kept of each stream; the oldest go. */
const keptMax = 10_000;

/** Keeps the newest readings and summaries, and copies of what the aggregators agree on. */
export function recorder({ node, reporter, key, disk }: Workplace): Work {
  const readings: Reading[] = [];
  const summaries: Summary[] = [];
  const raw = node.streams.consume(Telemetry, { from: anyOf(flowOf(Telemetry).from) });
  const gist = node.streams.consume(Summaries, { from: anyOf(flowOf(Summaries).from) });
  void reporter.follow(raw, (reading) => keep(readings, reading));
  void reporter.follow(gist, (summary) => keep(summaries, summary));
  void node.replay.keep(Summaries, { producers: anyOf(flowOf(Summaries).from) });
  reporter.folds(node.views.fold(Totals));
  const storage = disk();
  void joinLedger(node, key, storage, "observer").then((group) => reporter.keeps(group));
  void readLatest(node, key, storage).then((latest) => reporter.shares(latest));
  return { close: () => {} };
}

function keep<Item>(kept: Item[], item: Item): void {
  kept.push(item);
  if (kept.length > keptMax) kept.splice(0, kept.length / 2);
}
