import { createCommand, Option } from "@commander-js/extra-typings";
import type { Host } from "../host.ts";
import { inspecting } from "../settings/common-options.ts";

/** `metrics`: what nodes measure. */
export function metricsCommand(host: Host) {
  return inspecting(createCommand("metrics"))
    .description("print what nodes measure, as Prometheus reads it")
    .argument("[id]", "one peer's id, or its first digits (default: all that let us look)")
    .addOption(
      new Option(
        "--generate <what>",
        "write a dashboard of these metrics, and ask no node",
      ).choices(["grafana"] as const),
    )
    .action(async (peer, options) => {
      if (options.generate !== undefined) {
        const { printDashboard } = await import("../metrics/print-dashboard.ts");
        return printDashboard(host);
      }
      const { scrape } = await import("../metrics/scrape.ts");
      await scrape(host, peer, options);
    });
}
