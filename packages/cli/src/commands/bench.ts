import { createCommand, Option } from "@commander-js/extra-typings";
import type { Host } from "../host.ts";
import { joining } from "../settings/common-options.ts";
import { parseCount, parseDuration, parseSize } from "../settings/quantities.ts";

/** `bench`: how fast a network is. */
export function benchCommand(host: Host) {
  return createCommand("bench")
    .description("measure a live network, with nodes of this process in it")
    .addCommand(stream(host))
    .addCommand(group(host))
    .addCommand(discovery(host));
}

function stream(host: Host) {
  return joining(createCommand("stream"))
    .description("items a second from producers to consumers, and how long each takes")
    .option("--producers <number>", "how many produce (default: 1)", parseCount)
    .option("--consumers <number>", "how many consume (default: 3)", parseCount)
    .option("--size <bytes>", "bytes of an item (default: 256)", parseSize)
    .option("--duration <duration>", "how long to measure (default: 10s)", parseDuration)
    .addOption(
      new Option("--codec <codec>", "how items travel (default: superjson)").choices([
        "superjson",
        "msgpack",
        "raw",
      ] as const),
    )
    .action(async (options) => {
      const { benchStream } = await import("../bench/stream.ts");
      await benchStream(host, options);
    });
}

function group(host: Host) {
  return joining(createCommand("group"))
    .description("commands a second that a fresh group commits, and how long each takes")
    .option("--members <number>", "how many are in the group (default: 3)", parseCount)
    .option("--clients <number>", "how many commands wait at once (default: 8)", parseCount)
    .option("--duration <duration>", "how long to measure (default: 10s)", parseDuration)
    .action(async (options) => {
      const { benchGroup } = await import("../bench/group.ts");
      await benchGroup(host, options);
    });
}

function discovery(host: Host) {
  return joining(createCommand("discovery"))
    .description("how long until nodes that start at once all know each other")
    .option("--nodes <number>", "how many start (default: 20)", parseCount)
    .action(async (options) => {
      const { benchDiscovery } = await import("../bench/discovery.ts");
      await benchDiscovery(host, options);
    });
}
