import { createCommand } from "@commander-js/extra-typings";
import type { Host } from "../host.ts";
import { inspecting } from "../settings/common-options.ts";
import { collect } from "../settings/quantities.ts";

/** `events`: what happens. */
export function eventsCommand(host: Host) {
  return inspecting(createCommand("events"))
    .description("print what happens at all nodes, until it is told to end")
    .option(
      "--kind <start>",
      "only events whose name begins so: group, peer.departed; repeatable",
      collect,
    )
    .option("--old", "also those that happened before, as far as nodes remember")
    .action(async (options) => {
      const { followEvents } = await import("../events/follow-events.ts");
      await followEvents(host, options);
    });
}
