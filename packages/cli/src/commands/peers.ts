import { createCommand } from "@commander-js/extra-typings";
import type { Host } from "../host.ts";
import { inspecting } from "../settings/common-options.ts";
import { collect } from "../settings/quantities.ts";

/** `peers`: who is in the network. */
export function peersCommand(host: Host) {
  return createCommand("peers").alias("catalog").description("who is there").addCommand(ls(host));
}

function ls(host: Host) {
  return inspecting(createCommand("ls"))
    .description("list the peers of the network")
    .option("--with-tag <tag>", "only peers that call themselves so; repeatable", collect)
    .option("--stream <name>", "only peers that produce this stream")
    .action(async (options) => {
      const { listPeers } = await import("../peers/ls.ts");
      await listPeers(host, options);
    });
}
