import type { Host } from "../host.ts";
import { parseCount, parseDuration, parseSize } from "../settings/quantities.ts";
import { nodeOptions } from "./node.ts";

/** `relay`: a node through which others are reached. */
export function relayCommand(host: Host) {
  return nodeOptions("relay")
    .description("run a node through which others are reached that cannot listen: pages, for one")
    .option("--max-reservations <number>", "nodes that have a place (default: 1024)", parseCount)
    .option(
      "--limit-bytes <size>",
      "cut a pair off after so many bytes (default: never)",
      parseSize,
    )
    .option("--limit-duration <duration>", "or after so long (default: never)", parseDuration)
    .action(async (options) => {
      const { runRelay } = await import("../running/run-node.ts");
      await runRelay(host, options);
    });
}
