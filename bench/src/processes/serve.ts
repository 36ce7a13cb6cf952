import {
  type Answers,
  aloneLookMs,
  aloneLooks,
  type CallTable,
  type FromWorker,
  type ToWorker,
} from "./calls.ts";
import { type Profiling, startProfile } from "./profile.ts";

/**
 * Answers the calls of the coordinator until it goes, or tells this process to stop. Loads what
 * answers them at once; a failure to do so is told to each call. With a profile's path among the
 * arguments, the processor is profiled from the first of the calls `profiled` on.
 */
export function serveCalls<Table extends CallTable<Table>>(
  load: () => Promise<Answers<Table>>,
  profiled: readonly (keyof Table & string)[],
): void {
  // The terminal sends Ctrl-C to every process of the run: the coordinator ends the others.
  process.on("SIGINT", () => undefined);
  process.on("disconnect", () => process.exit(0));
  if (!process.connected) process.exit(0);
  const answers = load();
  answers.catch(() => undefined); // each call says so
  const profilePath = process.argv[3];
  let profiling: Promise<Profiling> | undefined;
  const heard = watchCoordinator();
  process.on("message", (message: ToWorker) => {
    heard();
    if (message.kind === "stop") return void stop(profiling);
    if (message.kind === "alive") return;
    const { id, name, ask } = message;
    if (profilePath !== undefined && profiled.some((one) => one === name)) {
      profiling ??= startProfile(profilePath);
    }
    answers
      // the coordinator asks by the same table
      .then((table) => (table[name as keyof Table] as (ask: unknown) => Promise<unknown>)(ask))
      .then((answer) => tell({ kind: "answer", id, answer }))
      .catch((error: unknown) => tell({ kind: "failure", id, error: textOf(error) }));
  });
}

/** Ends the process where the coordinator falls silent; returns what to call when it does not. */
function watchCoordinator(): () => void {
  // Counts looks, not time: a process that was busy for long reads its messages before the next look.
  let looks = 0;
  setInterval(() => {
    if (++looks > aloneLooks) process.exit(1);
  }, aloneLookMs);
  return () => {
    looks = 0;
  };
}

async function stop(profiling: Promise<Profiling> | undefined): Promise<void> {
  await (await profiling)?.finish();
  process.exit(0);
}

function tell(message: FromWorker): void {
  if (process.connected) process.send?.(message);
}

function textOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
