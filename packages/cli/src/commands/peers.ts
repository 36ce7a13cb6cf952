import { createCommand, Option } from "@commander-js/extra-typings";
import type { Host } from "../host.ts";
import { inspecting, joining, listing } from "../settings/common-options.ts";
import { collect, parseCount } from "../settings/quantities.ts";

/** `peers`: who is in the network. */
export function peersCommand(host: Host) {
  return createCommand("peers")
    .alias("catalog")
    .description("who is in the network")
    .addCommand(ls(host))
    .addCommand(show(host))
    .addCommand(ping(host))
    .addCommand(watch(host))
    .addCommand(graph(host))
    .addCommand(why(host));
}

function why(host: Host) {
  return inspecting(createCommand("why"))
    .description("say why two peers are not connected, or do not talk")
    .argument("<id>", "a peer's id, or its first digits")
    .argument("<other>", "another's")
    .option("--stream <name>", "the stream that should flow (default: any)")
    .action(async (one, other, options) => {
      const { why } = await import("../peers/why.ts");
      await why(host, [one, other], options);
    });
}

function ls(host: Host) {
  return listing(createCommand("ls"))
    .description("list the peers of the network")
    .option("--with-tag <tag>", "only peers that call themselves so; repeatable", collect)
    .option("--stream <name>", "only peers that produce this stream")
    .option("--group <id>", "only members of the group whose id begins so")
    .option("--stale", "only peers that were not heard of for twice as long as they ought to be")
    .action(async (options) => {
      const { listPeers } = await import("../peers/ls.ts");
      await listPeers(host, options);
    });
}

function show(host: Host) {
  return inspecting(createCommand("show"))
    .description("print all that is known of one peer: its entry, its signature, who dialled it")
    .argument("<id>", "its id, or the first digits of it")
    .action(async (id, options) => {
      const { showPeer } = await import("../peers/show.ts");
      await showPeer(host, id, options);
    });
}

function ping(host: Host) {
  return inspecting(createCommand("ping"))
    .description("measure how long a peer's answers take")
    .argument("<id>", "its id, or the first digits of it")
    .option("--count <number>", "how often to ask (default: 5)", parseCount)
    .action(async (id, options) => {
      const { pingPeer } = await import("../peers/ping.ts");
      await pingPeer(host, id, options);
    });
}

function watch(host: Host) {
  return joining(createCommand("watch"))
    .description("print who comes, changes and goes, until you end it")
    .action(async (options) => {
      const { watchPeers } = await import("../peers/watch.ts");
      await watchPeers(host, options);
    });
}

function graph(host: Host) {
  return inspecting(createCommand("graph"))
    .description("print who is connected with whom, for Graphviz or Mermaid")
    .addOption(
      new Option("--as <language>", "what the graph is written in")
        .choices(["dot", "mermaid"] as const)
        .default("dot" as const),
    )
    .action(async (options) => {
      const { printGraph } = await import("../peers/graph.ts");
      await printGraph(host, options);
    });
}
