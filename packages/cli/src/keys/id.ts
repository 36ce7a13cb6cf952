import { networkId, streamId } from "@mosaik/primitives";
import { ed25519 } from "@mosaik/primitives/system";
import { CliError } from "../errors.ts";
import type { Host } from "../host.ts";
import { Printer } from "../output/printer.ts";
import type { PrintOptions } from "../settings/common-options.ts";
import { readInput } from "../settings/secrets.ts";
import { parseSecretKey, readSecretKey } from "./secret-key.ts";

/** Prints the id of a name or a key. */
export async function printId(
  host: Host,
  { kind, name }: { readonly kind: string; readonly name: string },
  options: PrintOptions,
): Promise<void> {
  const id = await idOf(host, kind, name);
  new Printer(host, options, "value").whole({ kind, id }, id);
}

async function idOf(host: Host, kind: string, name: string): Promise<string> {
  if (kind === "network") return networkId(name);
  if (kind === "stream") return streamId(name);
  if (kind !== "peer") throw new CliError("CLI_USAGE", `a ${kind} has no id of its own`);
  if (name !== "-") return ed25519.identity(readSecretKey(host, name)).peer;
  const key = parseSecretKey(await readInput(host));
  if (key === undefined) throw new CliError("CLI_USAGE", "the standard input holds no node's key");
  return ed25519.identity(key).peer;
}
