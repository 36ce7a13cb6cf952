import { printable } from "@mosaik/primitives";
import { type Arguments, readArguments, usage } from "./arguments.ts";
import { createCluster } from "./cluster.ts";
import { runDashboard } from "./dashboard/dashboard.ts";
import { DashboardModel } from "./dashboard/model.ts";
import { offerInspector } from "./inspector-page.ts";
import { playStory } from "./story/story.ts";

type Run = Extract<Arguments, { kind: "run" }>;

const { NO_COLOR, TERM } = process.env;

const exitCodes = { ok: 0, failed: 1, misuse: 2, interrupted: 130 } as const;

/** Plays the story; the exit code says whether all held. */
async function story(run: Run, signal: AbortSignal): Promise<number> {
  const say = (line: string): void => (run.json ? console.error(line) : console.log(line));
  say(`network ${run.network}: at most ${run.seconds} s`);
  const cluster = await createCluster({
    ...run,
    signal,
    say: (name, text) => say(`      ${name}: ${printable(text)}`),
  });
  say(`inspector: ${(await offerInspector(cluster)).link}`);
  const result = await playStory({ ...run, cluster, signal, say });
  const { ok, nodes, subscriptions, items, convergenceMs } = result;
  if (run.json) console.log(JSON.stringify(result));
  else {
    const figures = `${nodes} nodes, ${subscriptions} subscriptions, ${items} items`;
    say(`${ok ? "ok" : "FAILED"}: ${figures}, found together in ${convergenceMs} ms`);
  }
  if (signal.aborted) return exitCodes.interrupted;
  return ok ? exitCodes.ok : exitCodes.failed;
}

/** Shows the cluster live. */
async function live(run: Run, signal: AbortSignal): Promise<number> {
  console.log("starting the seed ...");
  const model = new DashboardModel(run.network, performance.now());
  const cluster = await createCluster({
    ...run,
    signal,
    say: (name, text) => model.note(`${name}: ${text}`, Date.now()),
  });
  const inspector = await offerInspector(cluster);
  model.note(`inspector: ${inspector.link}`, Date.now());
  void cluster.started.then(inspector.open);
  try {
    const how = await runDashboard({
      cluster,
      model,
      input: process.stdin,
      output: process.stdout,
      color: !NO_COLOR,
      signal,
    });
    return how === "quit" ? exitCodes.ok : exitCodes.interrupted;
  } finally {
    console.log("stopping all nodes ...");
    await cluster.close();
  }
}

async function main(): Promise<number> {
  const run = readArguments(process.argv.slice(2));
  if (run.kind === "help") {
    process.stdout.write(usage);
    return exitCodes.ok;
  }
  if (run.kind === "misuse") {
    process.stderr.write(`${run.reason}\ntry: demo --help\n`);
    return exitCodes.misuse;
  }
  const interrupted = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => interrupted.abort(new Error(`interrupted by ${signal}`)));
  }
  const terminal = process.stdin.isTTY && process.stdout.isTTY && TERM !== "dumb";
  const show = terminal && !run.headless ? live : story;
  try {
    return await show(run, interrupted.signal);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    if (run.json) {
      const detail = error instanceof Error ? error.message : String(error);
      const checks = [{ name: "the cluster starts", ok: false, detail }];
      const nothing = { nodes: 0, streams: 0, subscriptions: 0, items: 0, convergenceMs: 0 };
      console.log(JSON.stringify({ ok: false, ...nothing, checks, skipped: [] }));
    }
    return interrupted.signal.aborted ? exitCodes.interrupted : exitCodes.failed;
  }
}

process.exitCode = await main();
