import { type ChildProcess, fork } from "node:child_process";
import { openSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Leash } from "@mosaik/testing/processes";
import type { GroupStatus, MemberId } from "../../src/index.ts";
import type { Book } from "./ledger.ts";
import type { Ask, Call, MemberInit, Notice } from "./messages.ts";

/** What became of a question: an answer, a code, or the process ended first, or there was none. */
export type Reply =
  | { readonly kind: "answer"; readonly value: number | Book }
  | { readonly kind: "failure"; readonly code: string }
  | { readonly kind: "gone" }
  | { readonly kind: "unasked" };

/** What one hears of a member. */
export interface MemberListener {
  joined(member: MemberProcess, me: MemberId): void;
  status(member: MemberProcess, status: GroupStatus): void;
  /** The process ended, and nobody had killed it. */
  died(member: MemberProcess, how: string): void;
}

const program = fileURLToPath(new URL("./member-program.ts", import.meta.url));

/** One member, through all of its processes: one at a time, on the same disk. */
export class MemberProcess {
  readonly number: number;
  readonly #init: MemberInit;
  readonly #leash: Leash;
  readonly #listener: MemberListener;
  readonly #open = new Map<number, (reply: Reply) => void>();
  #child: ChildProcess | undefined;
  #status: GroupStatus | undefined;
  #isDoomed = false;
  #isStopped = false;
  #calls = 0;

  constructor(init: MemberInit, leash: Leash, listener: MemberListener) {
    this.number = init.number;
    this.#init = init;
    this.#leash = leash;
    this.#listener = listener;
  }

  /** Whether it has a process. */
  get isAlive(): boolean {
    return this.#child !== undefined;
  }

  /** Whether its process is stopped. */
  get isStopped(): boolean {
    return this.#isStopped;
  }

  /** What its present process said last; absent as long as it has not joined. */
  get status(): GroupStatus | undefined {
    return this.#status;
  }

  /** Starts a process; `fileBytesMax`: it can write no file beyond that, as on a disk that is full. */
  start({ fileBytesMax }: { readonly fileBytesMax?: number } = {}): void {
    if (this.#child) throw new Error("it has a process already");
    const log = openSync(join(this.#init.directory, "..", `member-${this.number}.log`), "a");
    const node = ["--conditions=mosaik-source"];
    const limited = ["-c", 'ulimit -f "$0" && exec "$@"', `${(fileBytesMax ?? 0) / 512}`];
    const child = fork(program, [JSON.stringify(this.#init)], {
      ...(fileBytesMax === undefined
        ? { execArgv: node }
        : { execPath: "/bin/sh", execArgv: [...limited, process.execPath, ...node] }),
      env: { ...process.env, NODE_COMPILE_CACHE: join(this.#init.directory, "..", "compiled") },
      stdio: ["ignore", log, log, "ipc"],
    });
    this.#leash.hold(child.pid ?? 0);
    this.#child = child;
    this.#isDoomed = false;
    this.#isStopped = false;
    child.on("message", (notice: Notice) => this.#heard(notice));
    child.on("exit", (code, signal) => this.#ended(child, signal ?? `exit ${code}`));
  }

  /** Ends the process as a power cut does. Resolves when it has ended. */
  async kill(): Promise<void> {
    const child = this.#child;
    if (!child) return;
    this.#isDoomed = true;
    const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
    child.kill("SIGKILL");
    await ended;
  }

  /** Stops the process in the middle of whatever it does. */
  stop(): void {
    this.#isStopped = this.#child?.kill("SIGSTOP") ?? false;
  }

  /** Lets it go on. */
  resume(): void {
    this.#isStopped = false;
    this.#child?.kill("SIGCONT");
  }

  /** Asks it; resolves in any case, at the latest when the process ends. */
  ask(ask: Ask): Promise<Reply> {
    const child = this.#child;
    if (!child?.connected) return Promise.resolve({ kind: "unasked" });
    const call = ++this.#calls;
    return new Promise((resolve) => {
      this.#open.set(call, resolve);
      child.send({ call, ask } satisfies Call, () => {}); // where it fails, the process has ended
    });
  }

  #heard(notice: Notice): void {
    switch (notice.kind) {
      case "joined":
        return this.#listener.joined(this, notice.me);
      case "status":
        this.#status = notice.status;
        return this.#listener.status(this, notice.status);
      default: {
        const { call, ...reply } = notice;
        this.#open.get(call)?.(reply);
        this.#open.delete(call);
      }
    }
  }

  #ended(child: ChildProcess, how: string): void {
    this.#leash.release(child.pid ?? 0);
    this.#child = undefined;
    this.#status = undefined;
    this.#isStopped = false;
    for (const resolve of this.#open.values()) resolve({ kind: "gone" });
    this.#open.clear();
    if (!this.#isDoomed) this.#listener.died(this, how);
  }
}
