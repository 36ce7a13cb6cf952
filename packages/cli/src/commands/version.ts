import { createCommand } from "@commander-js/extra-typings";
import type { Host } from "../host.ts";
import { printing } from "../settings/common-options.ts";

/** `version`: which mosaik this is. */
export function versionCommand(host: Host) {
  return printing(createCommand("version"))
    .description("print which version of mosaik this is, and of Node.js")
    .action(async (options) => {
      const { printVersion } = await import("../print-version.ts");
      printVersion(host, options);
    });
}
