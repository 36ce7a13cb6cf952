import { createCommand } from "@commander-js/extra-typings";
import type { Host } from "../host.ts";
import { acting } from "../settings/common-options.ts";

/** `inspect`: the network in a browser. */
export function inspectCommand(host: Host) {
  return acting(createCommand("inspect"))
    .description("serve the inspector to this machine, and open it in a browser")
    .option("--port <address>", "where to serve it (default: 127.0.0.1:4181)")
    .option("--page <folder>", "a page to serve instead of this build's")
    .option("--no-open", "print its address, and leave the opening to you")
    .action(async (options) => {
      const { inspect } = await import("../inspector/inspect.ts");
      await inspect(host, options);
    });
}
