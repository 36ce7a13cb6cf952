import { createCommand } from "@commander-js/extra-typings";
import type { Host } from "../host.ts";
import { acting } from "../settings/common-options.ts";

/** `config`: what the settings are. */
export function configCommand(host: Host) {
  const show = acting(createCommand("show"))
    .description("print the settings of this command line, here and now")
    .option("--sources", "and where each comes from")
    .action(async (options, command) => {
      const { showConfig } = await import("../settings/show-config.ts");
      showConfig(host, options, command);
    });
  return createCommand("config").description("the settings").addCommand(show);
}
