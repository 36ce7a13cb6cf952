import { createCommand } from "@commander-js/extra-typings";
import type { Host } from "../host.ts";
import { inspecting } from "../settings/common-options.ts";
import { parseDuration } from "../settings/quantities.ts";

/** `top`: the network as it is now, on the whole terminal. */
export function topCommand(host: Host) {
  return inspecting(createCommand("top"))
    .description("show peers, streams and groups as they are now, on the whole terminal")
    .option("--every <duration>", "how often to look (default: 1s)", parseDuration)
    .action(async (options) => {
      const { top } = await import("../top/top.ts");
      await top(host, options);
    });
}
