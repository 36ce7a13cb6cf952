import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { join } from "node:path";
import type { Child } from "../processes/child.ts";
import type { Calls } from "./calls.ts";
import type { Timings } from "./cases.ts";
import { type Seat, type SeatInit, startClient } from "./seat.ts";
import { membersCount } from "./side.ts";

/** What the etcd on the PATH is; nothing where there is none. */
export function etcdVersion(): string | undefined {
  const { status, stdout } = spawnSync("etcd", ["--version"], { encoding: "utf8" });
  return status === 0 ? stdout.split("\n")[0] : undefined;
}

/** Its own defaults, which are 100 and 1,000 ms; or what `lanTimings` are. */
const timingFlags: { readonly [Name in Timings]: readonly string[] } = {
  default: [],
  lan: ["--heartbeat-interval=50", "--election-timeout=300"],
};

/** Members of etcd: a server each, and a process beside it that is its client. */
export async function etcdSeats(init: SeatInit): Promise<readonly Seat[]> {
  const ports = await freePorts(2 * membersCount);
  const urls = ports.map((port) => `http://127.0.0.1:${port}`);
  const [clientUrls, peerUrls] = [urls.slice(0, membersCount), urls.slice(membersCount)];
  const cluster = peerUrls.map((url, number) => `n${number}=${url}`).join();
  const seats: Seat[] = [];
  for (const [number, clientUrl] of clientUrls.entries()) {
    const peerUrl = peerUrls[number] ?? "";
    const flags = [
      `--name=n${number}`,
      `--data-dir=${join(init.directory, String(number))}`,
      `--listen-client-urls=${clientUrl}`,
      `--advertise-client-urls=${clientUrl}`,
      `--listen-peer-urls=${peerUrl}`,
      `--initial-advertise-peer-urls=${peerUrl}`,
      `--initial-cluster=${cluster}`,
      ...timingFlags[init.setting.timings],
    ];
    const client = await startClient("etcd", number, init);
    const { timings } = init.setting;
    const nothing = { directory: "", key: "", secretKey: "" };
    await client.call("open", { addresses: [clientUrl], timings, ...nothing });
    seats.push(new EtcdSeat(client, flags, init));
  }
  return seats;
}

class EtcdSeat implements Seat {
  readonly client: Child<Calls>;
  readonly #flags: readonly string[];
  readonly #init: SeatInit;
  #server: ChildProcess | undefined;

  constructor(client: Child<Calls>, flags: readonly string[], init: SeatInit) {
    this.client = client;
    this.#flags = flags;
    this.#init = init;
  }

  async start(): Promise<void> {
    const server = spawn("etcd", this.#flags, { stdio: "ignore" });
    await once(server, "spawn");
    this.#init.hold(server.pid ?? 0);
    this.#server = server;
  }

  async kill(): Promise<void> {
    const server = this.#server;
    if (server === undefined) throw new Error("it is not started");
    const ended = once(server, "exit");
    server.kill("SIGKILL");
    await ended;
    this.#init.release(server.pid ?? 0);
  }
}

async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, "127.0.0.1"));
  await Promise.all(servers.map((server) => once(server, "listening")));
  const ports = servers.map((server) => {
    const address = server.address();
    return typeof address === "object" && address !== null ? address.port : 0;
  });
  await Promise.all(servers.map((server) => once(server.close(), "close")));
  return ports;
}
