import { createCommand, Option } from "@commander-js/extra-typings";
import type { Host } from "../host.ts";
import { printing } from "../settings/common-options.ts";

/** `init`: a first program. */
export function initCommand(host: Host) {
  return printing(createCommand("init"))
    .description("write a small program to begin with")
    .argument("[dir]", "where; it must be empty, or not there yet")
    .addOption(
      new Option("--template <name>", "what it shows").choices([
        "stream",
        "group",
        "store",
        "browser",
      ] as const),
    )
    .addOption(
      new Option("--pm <name>", "what installs its packages").choices([
        "npm",
        "pnpm",
        "yarn",
        "bun",
      ] as const),
    )
    .action(async (dir, options) => {
      const { init } = await import("../init/init.ts");
      await init(host, dir, options);
    });
}
