import { createCommand } from "@commander-js/extra-typings";
import type { Host } from "../host.ts";
import { inspecting } from "../settings/common-options.ts";

/** `doctor`: what is wrong. */
export function doctorCommand(host: Host) {
  return inspecting(createCommand("doctor"))
    .description(
      "find out what is wrong on this machine and in the network; exits with 7 if something is",
    )
    .option("--data <folder>", "also see whether data can be kept there")
    .action(async (options) => {
      const { doctor } = await import("../doctor/doctor.ts");
      await doctor(host, options);
    });
}
