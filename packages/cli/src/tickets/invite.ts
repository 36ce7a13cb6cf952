import { formatInvite, isInvite, parseInvite } from "@mosaik/transport";
import { CliError } from "../errors.ts";
import type { Host } from "../host.ts";
import { readKeyOf } from "../network/look.ts";
import { Printer } from "../output/printer.ts";
import type { InspectOptions } from "../settings/common-options.ts";
import { readSecret } from "../settings/secrets.ts";

/** Prints an invite to the network of the options, through their seeds. */
export async function writeInvite(
  host: Host,
  options: InspectOptions & {
    readonly withSecret?: true | undefined;
    readonly withReadKey?: true | undefined;
  },
): Promise<void> {
  const { network, seed = [], secret: text, secretFile: file, secretEnv: env } = options;
  if (network === undefined || isInvite(network)) {
    throw new CliError("CLI_NO_NETWORK", "an invite to which network?");
  }
  const seeds = seed.flatMap((each) => (isInvite(each) ? parseInvite(each).seeds : [each]));
  if (seeds.length === 0) throw new CliError("CLI_NO_SEED", "an invite needs a place to begin");
  const secret = options.withSecret ? await readSecret(host, { text, file, env }) : undefined;
  if (options.withSecret && secret === undefined) {
    throw new CliError("CLI_USAGE", "which secret? give --secret-file");
  }
  const readKey = options.withReadKey ? await readKeyOf(host, options) : undefined;
  if (options.withReadKey && readKey === undefined) {
    throw new CliError("CLI_USAGE", "which key? give --read-key-file");
  }
  const invite = formatInvite({
    ...{ network, seeds },
    ...(secret === undefined ? {} : { secret }),
    ...(readKey === undefined ? {} : { readKey }),
  });
  new Printer(host, options, "value").whole({ invite, network, seeds }, invite);
}
