import { createCommand, Option } from "@commander-js/extra-typings";
import type { Host } from "../host.ts";
import { joining } from "../settings/common-options.ts";

/** `node`: a plain node, for others to begin from. */
export function nodeCommand(host: Host) {
  return nodeOptions("node")
    .aliases(["bootstrap", "beacon"])
    .description("run a plain node for others to begin from, until it is told to end")
    .option("--relay", "be a relay too, for nodes that cannot listen")
    .action(async (options) => {
      const { runNode } = await import("../running/run-node.ts");
      await runNode(host, { ...options, relay: options.relay ?? false });
    });
}

/** A command that runs a node, with the options of all of these. */
export function nodeOptions(name: string) {
  return joining(createCommand(name))
    .option("--key-file <path>", "the node's key, as keygen writes it (default: a fresh one)")
    .option("--read-key <text>", "whoever knows it may look in; better: --read-key-file")
    .option("--read-key-file <path>", "a file that holds the key; - for the standard input")
    .option("--read-key-env <name>", "an environment variable that holds the key")
    .option("--write-key <text>", "whoever knows it may act; better: --write-key-file")
    .option("--write-key-file <path>", "a file that holds the key; - for the standard input")
    .option("--write-key-env <name>", "an environment variable that holds the key")
    .option("--health <address>", "answer GET /healthz and /readyz there: 127.0.0.1:8080")
    .option("--metrics <address>", "answer GET /metrics there, for Prometheus: 127.0.0.1:9464")
    .addOption(
      new Option(
        "--log-format <format>",
        "how to log to stderr: warnings, with -v more (default: text)",
      ).choices(["text", "json"] as const),
    )
    .option("--behind-proxy", "give nobody access for seeming to be on this machine");
}

/** What `nodeOptions` gives. */
export type RunOptions = ReturnType<ReturnType<typeof nodeOptions>["opts"]>;
