import { createCommand } from "@commander-js/extra-typings";
import type { Host } from "../host.ts";
import { printing } from "../settings/common-options.ts";

/** `explain`: what an error code means. */
export function explainCommand(host: Host) {
  return printing(createCommand("explain"))
    .description("say what an error code means, and what to do about it")
    .argument("[code]", "the code; without one all codes are listed")
    .action(async (code, options) => {
      const { explain } = await import("../explain/explain.ts");
      explain(host, code, options);
    });
}
