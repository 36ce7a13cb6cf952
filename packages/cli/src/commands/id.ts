import { createCommand } from "@commander-js/extra-typings";
import type { Host } from "../host.ts";
import { printing } from "../settings/common-options.ts";

/** `id`: the ids of names and keys. */
export function idCommand(host: Host) {
  return printing(createCommand("id"))
    .description("print the id of a network, a stream or a node's key")
    .argument("<kind>", "network, stream or peer")
    .argument("<name>", "the name; of a peer: the file of its key, or - for the standard input")
    .action(async (kind, name, options) => {
      const { printId } = await import("../keys/id.ts");
      await printId(host, { kind, name }, options);
    });
}
