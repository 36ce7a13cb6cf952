import { type ChildProcess, fork } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { createLeash, type Leash } from "@mosaik/testing/processes";
import { formatGroupKey, type GroupKey } from "mosaik";
import { type Role, tagsOf } from "./contract.ts";
import { type Command, keyVariable, Notice } from "./messages.ts";
import { bundleNodeProcess } from "./node-bundle.ts";

/** A process of the cluster, as its supervisor knows it. Times are of `performance.now()`. */
export interface Member {
  readonly name: string;
  readonly role: Exclude<Role, "dashboard">;
  readonly pid: number;
  readonly spawnedAt: number;
  readonly state:
    | { readonly kind: "starting" }
    /** Its node is up, at an address, under an id. */
    | { readonly kind: "up"; readonly at: number; readonly peer: string; readonly address: string }
    | { readonly kind: "ended"; readonly how: string };
  readonly paused: boolean;
  readonly partitioned: boolean;
}

/** A member whose node is up. */
export type RunningMember = Member & { readonly state: Extract<Member["state"], { kind: "up" }> };

/** What a supervisor is made with. */
export interface SupervisorInit {
  /** The network's name. */
  readonly network: string;
  /** The key of the aggregators' group. */
  readonly key: GroupKey;
  /** The level of the logs that processes write to their stderr. */
  readonly log: string;
  /** Whether processes answer Prometheus. */
  readonly metrics: boolean;
  /** Told of what processes write and of how they end. */
  readonly say: (name: string, text: string) => void;
}

/** Roles that come back as who they were, with their disk. The others are new peers each time. */
const remembering: readonly Role[] = ["aggregator", "recorder"];

/** Time to say goodbye; then a process is killed. */
const leaveTimeoutMs = 2_500;

/** Starts, stops and harms the processes of a cluster. Knows nothing of what they say to each other. */
export class Supervisor {
  readonly #init: SupervisorInit;
  readonly #leash: Leash;
  /** The disks of the members, a folder each, and the code that they run. */
  readonly #disks: string = mkdtempSync(join(tmpdir(), "mosaik-demo-"));
  readonly #nodeProcess: string = bundleNodeProcess(this.#disks);
  readonly #members = new Map<string, Member>();
  readonly #children = new Map<string, ChildProcess>();
  readonly #pids: number[] = [];
  /** The one address that the others are given; the seed itself gets it back on its restart. */
  #seedAddress: string | undefined;
  #closing: Promise<void> | undefined;

  constructor(init: SupervisorInit) {
    this.#init = init;
    this.#leash = createLeash(init.network, this.#disks);
  }

  /** All members that were ever started, by name, the last process of each. */
  get members(): ReadonlyMap<string, Member> {
    return this.#members;
  }

  /** Every process it ever started, its own helper included. */
  get pids(): readonly number[] {
    return [...this.#pids, this.#leash.pid];
  }

  /** A name of a role that no member has had. */
  nextName(role: Member["role"]): string {
    for (let number = 1; ; number++) {
      const name = role === "seed" && number === 1 ? role : `${role}-${number}`;
      if (!this.#members.has(name)) return name;
    }
  }

  /**
   * Starts a member, or a new process of one that ended, and waits until its node is up.
   *
   * @throws `Error` where it runs already, or ends before its node is up.
   */
  start(role: Member["role"], name = this.nextName(role)): Promise<RunningMember> {
    if (this.#closing !== undefined) throw new Error("the supervisor is closed");
    if (this.#children.has(name)) throw new Error(`${name} runs already`);
    const spawnedAt = performance.now();
    const child = fork(this.#nodeProcess, this.#arguments(role, name), {
      stdio: ["ignore", "pipe", "pipe", "ipc"],
      env: {
        ...process.env,
        // The first process leaves its compiled code there, the others start sooner.
        NODE_COMPILE_CACHE: join(this.#disks, "compiled"),
        [keyVariable]: formatGroupKey(this.#init.key),
      },
    });
    const pid = child.pid ?? 0;
    this.#leash.hold(pid);
    this.#pids.push(pid);
    this.#children.set(name, child);
    const marks = { paused: false, partitioned: false };
    this.#members.set(name, { name, role, pid, spawnedAt, state: { kind: "starting" }, ...marks });
    for (const output of [child.stdout, child.stderr]) {
      if (output === null) continue;
      createInterface({ input: output }).on("line", (line) => this.#init.say(name, line));
    }
    return this.#untilUp(child, name);
  }

  /** Ends a member without a warning, as a power cut would, and waits until it is gone. */
  kill(name: string): Promise<void> {
    return this.#end(name, (child) => child.kill("SIGKILL"));
  }

  /** Has a member say goodbye and end, and waits until it is gone. */
  leave(name: string): Promise<void> {
    return this.#end(name, (child) => {
      child.kill("SIGCONT");
      if (child.connected) child.send({ kind: "leave" } satisfies Command);
      const late = setTimeout(() => child.kill("SIGKILL"), leaveTimeoutMs);
      child.once("exit", () => clearTimeout(late));
    });
  }

  /** Stops a member's clock: it runs no instruction until it is resumed. */
  pause(name: string): void {
    if (this.#children.get(name)?.kill("SIGSTOP")) this.#change(name, { paused: true });
  }

  /** Lets a paused member go on. */
  resume(name: string): void {
    if (this.#children.get(name)?.kill("SIGCONT")) this.#change(name, { paused: false });
  }

  /** Cuts a member off from the network. */
  partition(name: string): void {
    if (this.#send(name, { kind: "partition" })) this.#change(name, { partitioned: true });
  }

  /** Ends the partition of a member. */
  heal(name: string): void {
    if (this.#send(name, { kind: "heal" })) this.#change(name, { partitioned: false });
  }

  /** Tells a slow reader to read as fast as it can. */
  hurry(name: string): void {
    this.#send(name, { kind: "hurry" });
  }

  /** Kills every process at once. */
  killAll(): void {
    for (const child of this.#children.values()) child.kill("SIGKILL");
  }

  /** Has everybody leave, and waits until no process is left. Idempotent. */
  close(): Promise<void> {
    this.#closing ??= Promise.all([...this.#children.keys()].map((name) => this.leave(name))).then(
      () => this.#leash.close(),
    );
    return this.#closing;
  }

  /** What a node is told: the network, the seed, its tags. */
  #arguments(role: Member["role"], name: string): string[] {
    const address = this.#seedAddress === undefined ? [] : [this.#seedAddress];
    const options = {
      "--network": [this.#init.network],
      "--listen": role === "seed" ? address : [],
      "--seed": role === "seed" ? [] : address,
      "--data": remembering.includes(role) ? [join(this.#disks, name)] : [],
      "--tag": tagsOf(role, name),
      "--log": [this.#init.log],
      "--metrics": this.#init.metrics ? ["127.0.0.1:0"] : [],
    };
    return Object.entries(options).flatMap(([option, values]) =>
      values.flatMap((value) => [option, value]),
    );
  }

  /** Follows a process; resolves once its node is up, rejects where it ends before. */
  #untilUp(child: ChildProcess, name: string): Promise<RunningMember> {
    return new Promise((resolve, reject) => {
      let reason = "";
      child.on("message", (message) => {
        const notice = Notice.parse(message);
        if (notice.kind === "failed") {
          reason = notice.reason;
          return;
        }
        const { peer, address } = notice;
        const state = { kind: "up", at: performance.now(), peer, address } as const;
        const member = this.#change(name, { state });
        if (member.role === "seed") this.#seedAddress = address;
        resolve({ ...member, state });
      });
      child.once("error", reject);
      child.once("exit", (code, signal) => {
        this.#leash.release(child.pid ?? 0);
        this.#children.delete(name);
        const how = signal ?? `code ${code}`;
        this.#change(name, { state: { kind: "ended", how }, paused: false, partitioned: false });
        this.#init.say(name, `ended (${how})`);
        reject(new Error(`${name} ended (${how}) before its node was up: ${reason}`));
      });
    });
  }

  #end(name: string, act: (child: ChildProcess) => void): Promise<void> {
    const child = this.#children.get(name);
    if (child === undefined) return Promise.resolve();
    return new Promise((resolve) => {
      child.once("exit", () => resolve());
      act(child);
    });
  }

  #send(name: string, command: Command): boolean {
    const child = this.#children.get(name);
    if (child?.connected !== true) return false;
    return child.send(command);
  }

  #change(name: string, change: Partial<Member>): Member {
    const member = this.#members.get(name);
    if (member === undefined) throw new Error(`there is no ${name}`);
    const changed = { ...member, ...change };
    this.#members.set(name, changed);
    return changed;
  }
}
