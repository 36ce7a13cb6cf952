import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** A NATS server of our own. */
export interface Broker {
  readonly address: string;
  readonly version: string;
  close(): Promise<void>;
}

/** Runs the server until its input ends, however this process ends, and leaves nothing behind. */
const script =
  'nats-server -c "$1/nats.conf" & server=$!; read -r _; kill -9 $server; wait $server; rm -rf "$1"';
const startTimeoutMs = 10_000;

/** Starts a NATS server on a free port of the loopback; `undefined` where none is installed. */
export async function startBroker(): Promise<Broker | undefined> {
  const version = spawnSync("nats-server", ["--version"], { encoding: "utf8" });
  if (version.status !== 0) return undefined;
  const directory = await mkdtemp(join(tmpdir(), "bench-nats-"));
  await writeFile(
    join(directory, "nats.conf"),
    `listen: "127.0.0.1:-1"\nports_file_dir: "${directory}"\n`,
  );
  const shell = spawn("sh", ["-c", script, "sh", directory], {
    stdio: ["pipe", "ignore", "ignore"],
    detached: true,
  });
  const close = async (): Promise<void> => {
    const ended = once(shell, "exit");
    shell.stdin.end();
    await ended;
  };
  const deadline = Date.now() + startTimeoutMs;
  while (Date.now() < deadline) {
    const address = await readPorts(directory);
    if (address !== undefined) return { address, version: version.stdout.trim(), close };
    await sleep(20);
  }
  await close();
  throw new Error("nats-server did not start");
}

async function readPorts(directory: string): Promise<string | undefined> {
  const file = (await readdir(directory)).find((name) => name.endsWith(".ports"));
  if (file === undefined) return undefined;
  try {
    const ports: { nats?: readonly string[] } = JSON.parse(
      await readFile(join(directory, file), "utf8"),
    );
    return ports.nats?.[0];
  } catch {
    return undefined; // it is being written
  }
}
