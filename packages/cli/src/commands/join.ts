import { createCommand } from "@commander-js/extra-typings";
import type { Host } from "../host.ts";
import { joining } from "../settings/common-options.ts";

/** `join`: be in a network and see who is there. */
export function joinCommand(host: Host) {
  return joining(createCommand("join"))
    .description("join a network, print who is there, and stay")
    .argument("[where]", "an invite, or an address to begin from")
    .option("--once", "leave again at once")
    .action(async (where, options) => {
      const { joinNetwork } = await import("../peers/watch.ts");
      await joinNetwork(host, where, options);
    });
}
