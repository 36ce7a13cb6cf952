import { CliError } from "../errors.ts";
import type { Host } from "../host.ts";
import { observe } from "../network/join.ts";
import { Printer } from "../output/printer.ts";
import { createProgram, withSubcommands } from "../program.ts";
import type { JoinOptions, PrintOptions } from "../settings/common-options.ts";
import { readContext } from "../settings/contexts.ts";
import { openSources } from "../settings/sources.ts";
import { namedOrSelected } from "./contexts.ts";

/**
 * Checks the fields of a context, and that its network can be joined where that is asked.
 *
 * @throws CliError with `CLI_BAD_CONFIG`.
 */
export async function validateContext(
  host: Host,
  name: string | undefined,
  options: PrintOptions & { readonly connect?: true | undefined },
): Promise<void> {
  const context = namedOrSelected(host, name);
  const fields = readContext(host, context);
  const known = withSubcommands(createProgram(host)).flatMap((command) => command.options);
  const { XDG_CONFIG_HOME, HOME } = host.env;
  const elsewhere = { XDG_CONFIG_HOME, HOME }; // where contexts are, and nothing that counts before them
  const sources = openSources({ ...host, env: elsewhere }, context);
  const settings: Record<string, unknown> = {};
  for (const field of Object.keys(fields)) {
    const option = known.find((each) => each.attributeName() === field);
    if (option === undefined) {
      throw new CliError("CLI_BAD_CONFIG", `no command has an option for '${field}'`);
    }
    settings[field] = sources.find(option)?.value;
  }
  let peers: number | undefined;
  if (options.connect) {
    const joining = { ...options, ...settings } as JoinOptions; // each value was made by its option
    await observe(host, joining, async ({ node }) => {
      peers = node.discovery.catalog.value.peers.size;
    });
  }
  const found = peers === undefined ? "" : `; its network has ${peers} peers`;
  new Printer(host, options).one({ context, ok: true, peers }, () => [
    [{ text: `the context '${context}' is sound${found}` }],
  ]);
}
