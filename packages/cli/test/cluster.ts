import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { createLeash } from "@mosaik/testing/processes";
import { createGroupKey, formatGroupKey } from "mosaik";

/** The names of the nodes, as long as an id in short: tables stay as they are. */
export const names = ["member-1", "member-2", "member-3"] as const;

/** A node of the cluster. */
export interface ClusterNode {
  readonly name: string;
  readonly peer: string;
  readonly address: string;
  readonly child: ChildProcess;
}

/** Three processes that are a network, a group, a map and a stream. */
export interface Cluster extends AsyncDisposable {
  readonly nodes: readonly ClusterNode[];
  /** What joins it. */
  readonly join: readonly string[];
}

const program = fileURLToPath(new URL("./cluster-node.ts", import.meta.url));

/** Starts the cluster and waits until all is as it will be. */
export async function startCluster(): Promise<Cluster> {
  const leash = createLeash("the golden cluster");
  const key = formatGroupKey(createGroupKey());
  const nodes: ClusterNode[] = [];
  const settled: Promise<void>[] = [];
  for (const [at, name] of names.entries()) {
    // the same keys each time, so that ids sort the same: the first node has the least, and leads
    const secretKey = String(names.length - at).repeat(64);
    const seeds = nodes.slice(0, 1).map(({ address }) => address);
    const child = fork(program, [name, secretKey, key, ...seeds], {
      execArgv: ["--conditions=mosaik-source"],
      stdio: ["ignore", "inherit", "inherit", "ipc"],
    });
    leash.hold(child.pid ?? 0);
    settled.push(told(child, "settled").then(() => {}));
    const { peer, address } = await told(child, "listening");
    nodes.push({ name, peer: String(peer), address: String(address), child });
  }
  await Promise.all(settled);
  const [first] = nodes;
  return {
    nodes,
    join: ["--network", "golden", "--seed", first?.address ?? ""],
    [Symbol.asyncDispose]: () => leash.close(),
  };
}

type Notice = Readonly<Record<string, unknown>> & { readonly kind: string };

/** The next notice of a kind from a process. */
export function told(child: ChildProcess, kind: string): Promise<Notice> {
  return new Promise((resolve, reject) => {
    const listen = (notice: unknown): void => {
      const one = notice as Notice; // by the program beside this file
      if (one.kind !== kind) return;
      child.off("message", listen);
      resolve(one);
    };
    child.on("message", listen);
    child.once("exit", (code) => reject(new Error(`the node ended with ${code}`)));
  });
}
