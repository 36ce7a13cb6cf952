import { openScreen } from "@mosaik/cli/terminal";
import type { Cluster } from "../cluster.ts";
import { observerName } from "../observer.ts";
import type { Member, Supervisor } from "../supervisor.ts";
import { type KeyCommand, parseKeys } from "./keys.ts";
import type { DashboardModel } from "./model.ts";
import { drawFrame } from "./view.ts";

/** Pictures a second: five. */
const redrawMs = 200;

/** What the dashboard needs. */
export interface DashboardInit {
  readonly cluster: Cluster;
  readonly model: DashboardModel;
  readonly input: NodeJS.ReadStream;
  readonly output: NodeJS.WriteStream;
  readonly color: boolean;
  /** Ends it when it aborts. */
  readonly signal: AbortSignal;
}

/**
 * Shows a cluster and obeys keys until the user has had enough. Resolves with how: `quit`, or
 * `interrupt` for Ctrl-C and for a signal.
 */
export function runDashboard(init: DashboardInit): Promise<"quit" | "interrupt"> {
  const { cluster, model, input, output, color, signal } = init;
  const { view } = cluster.observer;
  const say = (text: string): void => model.note(text, Date.now());
  const screen = openScreen(output);
  const frame = () =>
    model.frame(view, { now: performance.now(), notes: notesOf(cluster.supervisor) });
  const redraw = (): void => {
    model.follow(view, performance.now(), Date.now());
    const { columns, rows } = screen;
    screen.draw(drawFrame(frame(), { columns, rows, color }));
  };
  const following = view.changes.subscribe(() => model.follow(view, performance.now(), Date.now()));
  const timer = setInterval(redraw, redrawMs);
  cluster.started.catch((error: unknown) => say(`not all nodes came up: ${error}`));
  return new Promise((resolve) => {
    const end = (how: "quit" | "interrupt"): void => {
      clearInterval(timer);
      following[Symbol.dispose]();
      input.off("data", onData).off("end", onAbort).off("error", onAbort);
      input.setRawMode(false).pause();
      signal.removeEventListener("abort", onAbort);
      screen.close();
      resolve(how);
    };
    const onAbort = (): void => end("interrupt");
    const onData = (data: Buffer): void => {
      for (const command of parseKeys(data.toString("utf8"))) {
        if (command === "quit" || command === "interrupt") return end(command);
        if (command === "up") model.move(frame(), -1);
        else if (command === "down") model.move(frame(), 1);
        else act(cluster.supervisor, command, model.selected, say);
      }
      redraw();
    };
    signal.addEventListener("abort", onAbort, { once: true });
    // A terminal that is closed ends its input, one way or the other.
    input.on("data", onData).once("end", onAbort).once("error", onAbort);
    input.setRawMode(true).resume();
    redraw();
    if (signal.aborted) onAbort();
  });
}

type Deed = Exclude<KeyCommand, "up" | "down" | "quit" | "interrupt">;

/** Does to the selected node what a key asks for. */
function act(
  supervisor: Supervisor,
  deed: Deed,
  name: string | undefined,
  say: (text: string) => void,
): void {
  const member = name === undefined ? undefined : supervisor.members.get(name);
  const failed = (error: unknown): void => say(`that failed: ${error}`);
  const start = (role: Member["role"], as?: string): void => {
    supervisor.start(role, as).then((up) => {
      say(`you started ${up.name}: process ${up.pid}`);
    }, failed);
  };
  if (deed === "add") return start(member?.role === "seed" ? "sensor" : (member?.role ?? "sensor"));
  if (member === undefined) {
    return say(
      name === observerName ? "the dashboard is this very process: q quits" : "select a node",
    );
  }
  const running = member.state.kind !== "ended";
  if (deed === "restart") {
    const again = (): void => start(member.role, member.name);
    if (running) supervisor.kill(member.name).then(again, failed);
    else again();
  } else if (!running) say(`${member.name} does not run: r restarts it`);
  else if (deed === "kill") {
    say(`you kill ${member.name}`);
    supervisor.kill(member.name).catch(failed);
  } else if (deed === "pause") {
    say(`you ${member.paused ? "resume" : "pause"} ${member.name}`);
    if (member.paused) supervisor.resume(member.name);
    else supervisor.pause(member.name);
  } else {
    say(`you ${member.partitioned ? "heal" : "cut off"} ${member.name}`);
    if (member.partitioned) supervisor.heal(member.name);
    else supervisor.partition(member.name);
  }
}

/** What was done to whom, for the screen. */
function notesOf(supervisor: Supervisor): ReadonlyMap<string, string> {
  const notes = new Map<string, string>();
  for (const member of supervisor.members.values()) {
    const marks = [
      member.state.kind === "starting" ? "starting" : "",
      member.state.kind === "ended" ? member.state.how : "",
      member.paused ? "paused" : "",
      member.partitioned ? "cut off" : "",
    ];
    notes.set(member.name, marks.filter((mark) => mark !== "").join(", "));
  }
  return notes;
}
