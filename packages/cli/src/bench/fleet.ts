import type { Host } from "../host.ts";
import type { BaseInit } from "../network/init.ts";
import { type Joined, join, type Observer } from "../network/join.ts";
import type { JoinOptions } from "../settings/common-options.ts";

/** Nodes of this process are reached by each other, and by nodes elsewhere. */
const listens = ["/ip4/0.0.0.0/tcp/0"];

/** Joins with so many nodes, each with an identity of its own, and leaves with all of them. */
export function withFleet<Node extends Observer>(
  host: Host,
  options: JoinOptions,
  count: number,
  start: (init: BaseInit) => Promise<Node>,
  act: (nodes: readonly Node[], joined: Joined<Node>) => Promise<void>,
): Promise<void> {
  let init: BaseInit | undefined;
  const remember = (given: BaseInit): Promise<Node> => {
    init = given;
    return start(given);
  };
  const use = async (joined: Joined<Node>): Promise<void> => {
    const nodes = [joined.node];
    try {
      if (init === undefined) throw new RangeError("the first node was started");
      while (nodes.length < count) nodes.push(await start(init));
      await act(nodes, joined);
    } finally {
      await Promise.all(nodes.slice(1).map((node) => node.close()));
    }
  };
  return join(host, { ...options, tag: options.tag ?? ["bench"] }, remember, use, {
    listen: listens,
  });
}

/** The value that a share of all is not above; 0 where there are none. */
export function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}
