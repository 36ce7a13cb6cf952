// One node of the cluster, alone in its process. It knows a network, a seed and its own tags.
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { flushCompileCache } from "node:module";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { serveMetrics } from "@mosaik/cli/metrics";
import { stderrLog } from "@mosaik/cli/terminal";
import {
  createNetwork,
  diagnostics,
  discovery,
  groups,
  libp2pTransport,
  type Node,
  parseGroupKey,
  replay,
  stores,
  streams,
  views,
} from "mosaik";
import { fileStorage } from "mosaik/node";
import { anyOf, flowOf, nameOf, roles, Statuses } from "./contract.ts";
import { Command, keyVariable, type Notice } from "./messages.ts";
import { Partition } from "./partition.ts";
import { Reporter } from "./reporter.ts";
import { type Work, work } from "./roles/role.ts";

/** Leaving takes at most this long; then the process just ends. */
const leaveTimeoutMs = 1_500;

const { values } = parseArgs({
  options: {
    network: { type: "string" },
    listen: { type: "string", default: "127.0.0.1:0" },
    seed: { type: "string", multiple: true, default: [] },
    /** What a process of this name remembers: who it is, and its log of the group. */
    data: { type: "string" },
    tag: { type: "string", multiple: true, default: [] },
    log: { type: "string", default: "error" },
    metrics: { type: "string" },
  },
});

/** Pages dial WebSockets: the inspector looks into every node. */
const forPages = "ws://127.0.0.1:0";

const tell = (notice: Notice): void => void process.send?.(notice);
const partition = new Partition();

async function run(): Promise<void> {
  const role = roles.find((one) => values.tag.includes(one));
  if (role === undefined || role === "dashboard") throw new RangeError("a tag must be a role");
  if (values.network === undefined) throw new RangeError("which network?");
  const node = await createNetwork({
    network: values.network,
    seeds: values.seed,
    tags: values.tag,
    ...(values.data === undefined ? {} : { secretKey: secretKeyIn(values.data) }),
    transport: partition.wrap(libp2pTransport({ listen: [values.listen, forPages] })),
    services: {
      discovery: discovery(),
      streams: streams(),
      groups: groups(),
      stores: stores(),
      replay: replay(),
      views: views(),
      diagnostics: diagnostics(),
    },
    log: stderrLog(values.log),
  });
  if (values.metrics !== undefined) {
    const { port } = await serveMetrics(values.metrics, node);
    console.log(`metrics: http://127.0.0.1:${port}/metrics`);
  }
  const reporter = new Reporter(node);
  const statuses = node.streams.produce(Statuses, { accept: anyOf(flowOf(Statuses).to) });
  const running = work[role]({
    node,
    reporter,
    name: nameOf(values.tag) ?? role,
    key: parseGroupKey(process.env[keyVariable] ?? ""),
    disk: () => {
      if (values.data === undefined) throw new RangeError("where is its disk?");
      return fileStorage(join(values.data, "log"));
    },
  });
  const reporting = reporter.start((status) => statuses.trySend(status));
  obey(node, running, reporting);
  tell({ kind: "listening", peer: node.peer, address: node.addresses[0] ?? "" });
  if (role === "seed") flushCompileCache();
}

/** The secret key that a process of this name had before, or a fresh one: who it is. */
function secretKeyIn(folder: string): Uint8Array {
  const file = join(folder, "secret-key");
  if (existsSync(file)) return readFileSync(file);
  mkdirSync(folder, { recursive: true });
  const key = randomBytes(32);
  writeFileSync(file, key, { mode: 0o600 });
  return key;
}

/** Does what the supervisor says, and leaves when it says so or is gone. */
function obey(node: Node, running: Work, reporting: Disposable): void {
  const leave = async (): Promise<void> => {
    setTimeout(() => process.exit(1), leaveTimeoutMs).unref();
    reporting[Symbol.dispose]();
    running.close();
    await node.close();
    process.exit(0);
  };
  const commands: Record<Command["kind"], () => void> = {
    partition: () => partition.cut(),
    heal: () => partition.heal(),
    hurry: () => running.hurry?.(),
    leave: () => void leave(),
  };
  process.on("message", (message) => commands[Command.parse(message).kind]());
  process.off("disconnect", exit).once("disconnect", () => void leave());
  process.once("SIGTERM", () => void leave());
}

const exit = (): never => process.exit(1);

process.once("disconnect", exit);
// Ctrl-C reaches every process of the terminal; what it means is the supervisor's decision.
process.on("SIGINT", () => {});
run().catch((error: unknown) => {
  tell({ kind: "failed", reason: error instanceof Error ? error.message : String(error) });
  throw error;
});
