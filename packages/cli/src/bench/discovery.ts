import { discovery } from "@mosaik/discovery";
import { createNetwork, diagnostics } from "@mosaik/transport";
import type { Host } from "../host.ts";
import { type BaseInit, baseInit } from "../network/init.ts";
import { deadlineOf, type Observer, observe } from "../network/join.ts";
import { duration } from "../output/figures.ts";
import { Printer } from "../output/printer.ts";
import type { JoinOptions } from "../settings/common-options.ts";

/** Starts nodes at once and measures how long it takes until each knows all of them. */
export async function benchDiscovery(
  host: Host,
  options: JoinOptions & { readonly nodes?: number | undefined },
): Promise<void> {
  const printer = new Printer(host, options);
  const { nodes: count = 20 } = options;
  await observe(host, options, async (joined) => {
    const known = joined.node.discovery.catalog.value.peers.size;
    const init = await baseInit(
      host,
      { ...options, tag: options.tag ?? ["bench"] },
      { listen: ["/ip4/127.0.0.1/tcp/0"] },
    );
    const nodes: Observer[] = [];
    try {
      const from = performance.now();
      nodes.push(...(await Promise.all(Array.from({ length: count }, () => start(init)))));
      const startedMs = performance.now() - from;
      const signal = deadlineOf(host, options);
      const peers = new Set(nodes.map(({ peer }) => peer));
      await Promise.all(
        nodes.map(({ discovery: { when } }) =>
          when.discovered({ atLeast: count - 1, where: ({ peer }) => peers.has(peer), signal }),
        ),
      );
      const convergedMs = performance.now() - from;
      const facts = { nodes: count, others: known, startedMs, convergedMs };
      const text = `all know each other after ${duration(convergedMs)}`;
      printer.one(facts, () => [
        [{ text: `${count} nodes run after ${duration(startedMs)}; ${text}` }],
      ]);
    } finally {
      await Promise.all(nodes.map((node) => node.close()));
    }
  });
}

function start(init: BaseInit): Promise<Observer> {
  return createNetwork({
    ...init,
    services: { discovery: discovery(), diagnostics: diagnostics() },
  });
}
