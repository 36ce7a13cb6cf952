import { createCommand } from "@commander-js/extra-typings";
import type { Host } from "../host.ts";
import { inspecting } from "../settings/common-options.ts";

/** `debug`: for those who look for a bug. */
export function debugCommand(host: Host) {
  return createCommand("debug").description("help somebody to find a bug").addCommand(bundle(host));
}

function bundle(host: Host) {
  return inspecting(createCommand("bundle"))
    .description("write what the nodes say of themselves into a file, without anything secret")
    .option("--out <file>", "where to (default: mosaik-bundle.json.gz)")
    .action(async (options) => {
      const { bundle } = await import("../debug/bundle.ts");
      await bundle(host, options);
    });
}
