import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import {
  aliveIntervalMs,
  type CallTable,
  callTimeoutMs,
  type FromWorker,
  type ToWorker,
} from "./calls.ts";

/** Makes the many processes load faster. */
const compileCache = fileURLToPath(new URL("../../node_modules/.cache/compile", import.meta.url));
/** A process that was told to stop has this long, e.g. to write its profile. */
const stopTimeoutMs = 10_000;

interface Pending {
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: Error) => void;
  readonly timer: NodeJS.Timeout;
}

const running = new Set<ChildProcess>();

/** Kills every process of the run, at once. */
export function killChildren(): void {
  for (const process of running) process.kill("SIGKILL");
}

/** How a process is started. */
export interface ChildInit {
  /** The module that it runs. */
  readonly program: URL;
  readonly side: string;
  /** What it is on its side, for messages and the names of profiles. */
  readonly role: string;
  /** Where it writes a CPU profile when it ends. */
  readonly profile?: string | undefined;
}

/** One process of a side, as its coordinator sees it. */
export class Child<Table extends CallTable<Table>> {
  readonly #name: string;
  readonly #process: ChildProcess;
  readonly #pending = new Map<number, Pending>();
  readonly #alive: NodeJS.Timeout;
  #lastId = 0;

  constructor({ program, side, role, profile }: ChildInit) {
    this.#name = `${side} ${role}`;
    const profilePath = profile === undefined ? [] : [join(profile, `${side}-${role}.cpuprofile`)];
    this.#process = fork(fileURLToPath(program), [side, ...profilePath], {
      env: { ...process.env, NODE_COMPILE_CACHE: compileCache },
    });
    running.add(this.#process);
    this.#alive = setInterval(() => this.#tell({ kind: "alive" }), aliveIntervalMs);
    this.#process.on("message", (message: FromWorker) => this.#received(message));
    this.#process.on("error", (error) => this.#ended(error.message));
    this.#process.on("exit", (code, signal) => this.#ended(`ended with ${signal ?? code}`));
  }

  /** Asks the process to do something; waits for the answer. */
  call<Name extends keyof Table & string>(
    name: Name,
    ask: Table[Name]["ask"],
  ): Promise<Table[Name]["answer"]> {
    const id = ++this.#lastId;
    return new Promise<unknown>((resolve, reject) => {
      const fail = (): void => this.#settle(id)?.reject(this.#error(`no answer to '${name}'`));
      this.#pending.set(id, { resolve, reject, timer: setTimeout(fail, callTimeoutMs) });
      this.#tell({ kind: "call", id, name, ask });
    }) as Promise<Table[Name]["answer"]>; // the worker answers by the same table
  }

  /** Kills it at once; resolves when it is gone. */
  async kill(): Promise<void> {
    if (!running.has(this.#process)) return;
    const ended = once(this.#process, "exit");
    this.#process.kill("SIGKILL");
    await ended;
  }

  /** Lets the process end in order, or kills it. */
  async stop(): Promise<void> {
    if (!running.has(this.#process)) return;
    const ended = once(this.#process, "exit");
    this.#tell({ kind: "stop" });
    const deadline = new AbortController();
    await Promise.race([
      ended,
      sleep(stopTimeoutMs, undefined, { signal: deadline.signal }).catch(() => undefined),
    ]);
    deadline.abort();
    this.#process.kill("SIGKILL");
    await ended;
  }

  #tell(message: ToWorker): void {
    if (this.#process.connected) this.#process.send(message, () => undefined);
  }

  #received(message: FromWorker): void {
    const pending = this.#settle(message.id);
    if (message.kind === "answer") pending?.resolve(message.answer);
    else pending?.reject(this.#error(message.error));
  }

  #settle(id: number): Pending | undefined {
    const pending = this.#pending.get(id);
    clearTimeout(pending?.timer);
    this.#pending.delete(id);
    return pending;
  }

  #ended(how: string): void {
    running.delete(this.#process);
    clearInterval(this.#alive);
    for (const id of this.#pending.keys()) this.#settle(id)?.reject(this.#error(how));
  }

  #error(what: string): Error {
    return new Error(`${this.#name}: ${what}`);
  }
}
