import { GroupError, isMosaikError, type MapWriter } from "mosaik";
import { anyOf, flowOf, Summaries, type Summary, Telemetry } from "../contract.ts";
import { writeLatest } from "../latest.ts";
import { joinLedger, type LedgerGroup } from "../ledger.ts";
import { add, type Ranges } from "../ranges.ts";
import { SummaryWindow } from "../window.ts";
import type { Work, Workplace } from "./role.ts";

/** A summary is made this often. */
const windowMs = 1_000;
/** Readings are entered into the ledger this often. */
const entryMs = 50;
/** Entries that may be on their way; readings wait for the next one meanwhile. */
const entriesMax = 256;

/** Consumes all readings, produces a summary of each window of time, and agrees with its like on a ledger and on the newest summaries. */
export function aggregator({ node, name, reporter, key, disk }: Workplace): Work {
  const window = new SummaryWindow();
  const bookkeeper = new Bookkeeper(node.peer);
  const readings = node.streams.consume(Telemetry, { from: anyOf(flowOf(Telemetry).from) });
  void reporter.follow(readings, (reading, sensor) => {
    window.add(sensor, reading);
    bookkeeper.add();
  });
  const summaries = node.streams.produce(Summaries, { accept: anyOf(flowOf(Summaries).to) });
  reporter.produces(summaries);
  void node.replay.keep(Summaries, { producers: "own" });
  let latest: MapWriter<string, Summary> | undefined;
  const timers = [
    setInterval(() => {
      const summary = window.close(Date.now(), windowMs);
      if (summary.readings === 0) return;
      summaries.trySend(summary);
      // One that nobody takes in is not made up for: the next one is newer.
      latest?.set(name, summary).catch(() => {});
    }, windowMs),
  ];
  const storage = disk();
  void writeLatest(node, key, storage).then((opened) => {
    latest = opened;
    reporter.shares(opened);
  });
  void joinLedger(node, key, storage, "normal").then((group) => {
    reporter.keeps(group, () => bookkeeper.acknowledged);
    timers.push(setInterval(() => void bookkeeper.enter(group), entryMs));
  });
  return { close: () => timers.forEach(clearInterval) };
}

/** Enters readings into the ledger and remembers what was acknowledged. */
class Bookkeeper {
  /** One life of one process: its numbers begin at 1. */
  readonly #writer: string;
  #number = 0;
  #readings = 0;
  #underWay = 0;
  #acknowledged: Ranges = [];

  constructor(peer: string) {
    this.#writer = `${peer.slice(0, 8)}/${process.pid}`;
  }

  /** Counts a reading. */
  add(): void {
    this.#readings += 1;
  }

  get acknowledged(): { readonly writer: string; readonly ranges: Ranges } {
    return { writer: this.#writer, ranges: this.#acknowledged };
  }

  /** Enters what came since the last time. What no leader took in is entered again, later. */
  async enter(group: LedgerGroup): Promise<void> {
    if (this.#readings === 0 || this.#underWay >= entriesMax) return;
    const readings = this.#readings;
    const number = ++this.#number;
    this.#readings = 0;
    this.#underWay += 1;
    try {
      await group.execute({ writer: this.#writer, number, readings });
      this.#acknowledged = add(this.#acknowledged, number) ?? this.#acknowledged;
    } catch (error) {
      if (!(error instanceof GroupError)) throw error;
      if (isMosaikError(error, "GROUP_NO_QUORUM")) this.#readings += readings;
    } finally {
      this.#underWay -= 1;
    }
  }
}
