import { createCommand, Option } from "@commander-js/extra-typings";
import type { Host } from "../host.ts";
import { printing } from "../settings/common-options.ts";

/** `keygen`: fresh keys. */
export function keygenCommand(host: Host) {
  return printing(createCommand("keygen"))
    .description("make a key: a node's identity, a group's key, or a network's secret")
    .option(
      "--out <path>",
      "write the key there, readable by its user alone, and print its peer id",
    )
    .option("--group", "a group's key instead of a node's")
    .option("--network-secret", "a network's secret, or an inspection key, instead of a node's key")
    .addOption(
      new Option("--format <format>", "how a node's key is written")
        .choices(["hex", "base64", "libp2p"] as const)
        .default("hex" as const),
    )
    .action(async (options) => {
      const { keygen } = await import("../keys/keygen.ts");
      await keygen(host, options);
    });
}
