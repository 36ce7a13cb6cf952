// One node of the cluster, alone in its process. It knows a network, a seed and its own tags.
import { flushCompileCache } from "node:module";
import { parseArgs } from "node:util";
import { createNetwork, discovery, libp2pTransport, type Node, streams } from "mosaik";
import { anyOf, flowOf, roles, Statuses } from "./contract.ts";
import { Command, type Notice } from "./messages.ts";
import { Partition } from "./partition.ts";
import { Reporter } from "./reporter.ts";
import { type Work, work } from "./roles/role.ts";
import { stderrLog } from "./stderr-log.ts";

/** Leaving takes at most this long; then the process just ends. */
const leaveTimeoutMs = 1_500;

const { values } = parseArgs({
  options: {
    network: { type: "string" },
    listen: { type: "string", default: "127.0.0.1:0" },
    seed: { type: "string", multiple: true, default: [] },
    tag: { type: "string", multiple: true, default: [] },
    log: { type: "string", default: "error" },
  },
});

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
    transport: partition.wrap(libp2pTransport({ listen: [values.listen] })),
    services: { discovery: discovery(), streams: streams() },
    log: stderrLog(values.log),
  });
  const reporter = new Reporter(node);
  const statuses = node.streams.produce(Statuses, { accept: anyOf(flowOf(Statuses).to) });
  const running = work[role]({ node, reporter });
  const reporting = reporter.start((status) => statuses.trySend(status));
  obey(node, running, reporting);
  tell({ kind: "listening", peer: node.peer, address: node.addresses[0] ?? "" });
  if (role === "seed") flushCompileCache();
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
