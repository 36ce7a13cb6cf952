import { sumOf } from "../audit.ts";
import type { Cluster } from "../cluster.ts";
import { statusOf } from "../cluster-view.ts";
import type { Act, Stage } from "./act.ts";
import { type CheckResult, Checks } from "./checks.ts";
import { killAndRestart, partitionAndHeal, pauseAndResume, seedDies } from "./faults.ts";
import { join, newConsumer } from "./joining.ts";
import { lateReader } from "./late-reader.ts";
import { compareLedger, leaderDies } from "./leader.ts";
import { slowReader } from "./slow-reader.ts";

/** The outcome of a story. */
export interface StoryResult {
  readonly ok: boolean;
  /** The most nodes there were at a time, the dashboard's included. */
  readonly nodes: number;
  /** Streams that carried data. */
  readonly streams: number;
  /** The most subscriptions there were at a time. */
  readonly subscriptions: number;
  /** Items that consumers were given, all together. */
  readonly items: number;
  /** From the moment the last node was up until all had found together. */
  readonly convergenceMs: number;
  readonly checks: readonly CheckResult[];
  /** Acts there was no time for. */
  readonly skipped: readonly string[];
}

/** What a story needs. */
export interface StoryInit {
  readonly cluster: Cluster;
  readonly seconds: number;
  /** Every time limit is multiplied by this. */
  readonly slack: number;
  /** Aborts it. */
  readonly signal: AbortSignal;
  /** Told of each line for people. */
  readonly say: (line: string) => void;
}

/** Time kept for the end: goodbyes of a dozen processes on two processors. */
const endingMs = 3_000;

/** What came of the acts so far. */
interface Played {
  convergenceMs: number;
  readonly skipped: string[];
}

const acts: readonly Act[] = [
  killAndRestart,
  leaderDies,
  slowReader,
  newConsumer,
  lateReader,
  partitionAndHeal,
  seedDies,
  pauseAndResume,
];

/**
 * Plays the story on a cluster that is starting, and closes the cluster. Ends before its time where
 * nothing is left to play.
 */
export async function playStory({
  cluster,
  seconds,
  slack,
  signal,
  say,
}: StoryInit): Promise<StoryResult> {
  // Of a clock that begins with the process: the start of the cluster is part of the time.
  const deadline = seconds * 1_000 - endingMs;
  const timeUp = new AbortController();
  const message = `the story did not end within ${seconds} s`;
  const timer = setTimeout(
    () => timeUp.abort(new Error(message)),
    Math.max(0, deadline - performance.now()),
  );
  const { view } = cluster.observer;
  const ending = AbortSignal.any([signal, timeUp.signal]);
  const tell = (result: CheckResult): void => say(lineOf(result));
  const checks = new Checks({ view, tell, signal: ending, slack });
  const stage = { cluster, checks };
  const peak = new Peak(stage);
  const played: Played = { convergenceMs: 0, skipped: [] };
  try {
    await playActs(stage, deadline, say, played);
    checks.note(accounts(stage));
    await compareLedger(stage);
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    checks.note({ name: "the story is played to its end", ok: false, detail });
  } finally {
    clearTimeout(timer);
    peak[Symbol.dispose]();
  }
  await cluster.close();
  checks.note(leftOver(cluster.supervisor.pids));
  return {
    ok: checks.results.every((result) => result.ok),
    ...peak.figures,
    items: view.items,
    convergenceMs: played.convergenceMs,
    checks: checks.results,
    skipped: played.skipped,
  };
}

async function playActs(
  stage: Stage,
  deadline: number,
  say: (line: string) => void,
  played: Played,
): Promise<void> {
  say("-- nodes start with a network's name, one seed and their tags");
  played.convergenceMs = await join(stage);
  for (const act of acts) {
    if (act.optional && performance.now() + act.needsMs > deadline) {
      played.skipped.push(act.title);
      say(`-- skipped, no time left: ${act.title}`);
    } else {
      say(`-- ${act.title}`);
      await act.play(stage);
    }
  }
}

/** A check as a line of text. */
export function lineOf(result: CheckResult): string {
  const time = result.ms === undefined ? "" : ` in ${result.ms} ms`;
  const limit = result.limitMs === undefined ? "" : ` (at most ${result.limitMs})`;
  const detail = result.detail === undefined ? "" : `: ${result.detail}`;
  return `${result.ok ? "pass" : "FAIL"}  ${result.name}${time}${limit}${detail}`;
}

/** What every consumer found when it compared the numbers of the items it was given. */
function accounts({ cluster }: Stage): CheckResult {
  const nodes = [...cluster.observer.view.nodes.values()];
  const sum = sumOf(nodes.flatMap((node) => statusOf(node)?.audit ?? []));
  return {
    name: "no item was lost without a word, none came out of order",
    ok: sum.items > 0 && sum.lost === 0 && sum.disorder === 0,
    detail: `${sum.items} items, ${sum.gaps} announced as lost, ${sum.lost} silently, ${sum.disorder} out of order`,
  };
}

/** Whether processes that were started are still there. */
function leftOver(pids: readonly number[]): CheckResult {
  const left = pids.filter((pid) => {
    try {
      return process.kill(pid, 0);
    } catch {
      return false;
    }
  });
  return {
    name: "no process is left",
    ok: left.length === 0,
    detail: left.length === 0 ? `of ${pids.length} started` : `left: ${left.join(", ")}`,
  };
}

/** The most there was at a time. */
class Peak implements Disposable {
  readonly #streams = new Set<string>();
  #nodes = 0;
  #subscriptions = 0;
  readonly #following: Disposable;

  constructor({ cluster }: Stage) {
    const { view } = cluster.observer;
    this.#following = view.changes.subscribe(() => {
      const { links, present } = view;
      this.#nodes = Math.max(this.#nodes, present.length);
      this.#subscriptions = Math.max(this.#subscriptions, links.length);
      for (const link of links) if (link.items > 0) this.#streams.add(link.stream);
    });
  }

  get figures(): Pick<StoryResult, "nodes" | "streams" | "subscriptions"> {
    return {
      nodes: this.#nodes,
      streams: this.#streams.size,
      subscriptions: this.#subscriptions,
    };
  }

  [Symbol.dispose](): void {
    this.#following[Symbol.dispose]();
  }
}
