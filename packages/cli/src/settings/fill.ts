import type { CommandUnknownOpts as Command, Option } from "@commander-js/extra-typings";
import type { Host } from "../host.ts";
import { secretOf } from "./secret-options.ts";
import type { Found } from "./sources.ts";

/** Gives the options that the command line left open what another source says of them. */
export async function fillFromSources(host: Host, command: Command): Promise<void> {
  const { openSources } = await import("./sources.ts");
  const isGiven = (option: Option): boolean =>
    command.getOptionValueSource(option.attributeName()) === "cli";
  const given = command.options.filter(isGiven);
  const saidSecrets = new Set(given.map(secretOf));
  const { context }: { context?: unknown } = command.opts();
  const sources = openSources(host, typeof context === "string" ? context : undefined);
  const best = new Map<string, readonly [Option, Found]>();
  for (const option of command.options) {
    const secret = secretOf(option);
    const isOpen = secret === undefined ? !isGiven(option) : !saidSecrets.has(secret);
    const found = isOpen ? sources.find(option) : undefined;
    if (found === undefined) continue;
    // of the ways to say one secret only the one of the first source counts
    const key = secret ?? option.attributeName();
    if (found.rank < (best.get(key)?.[1].rank ?? Number.POSITIVE_INFINITY)) {
      best.set(key, [option, found]);
    }
  }
  for (const [option, { value, source }] of best.values()) {
    command.setOptionValueWithSource(option.attributeName(), value, source);
  }
  const warn = (what: string, better: string): void =>
    void host.talk.write(`warning: whoever lists processes can read ${what}; use ${better}\n`);
  for (const option of given) {
    if (secretOf(option) === undefined || option.long !== `--${secretOf(option)}`) continue;
    if (option.attributeName() in command.opts()) warn(option.long, `${option.long}-file`);
  }
  if (await hasSecretInvite(command, given)) warn("the secret in this invite", "MOSAIK_NETWORK");
}

/** Whether an invite on the command line carries a secret. */
async function hasSecretInvite(command: Command, given: readonly Option[]): Promise<boolean> {
  const { network, seed }: Record<string, unknown> = Object.fromEntries(
    given.map((option) => [option.attributeName(), command.getOptionValue(option.attributeName())]),
  );
  const texts = [network, seed, command.args].flat().map(String);
  const invites = texts.filter((text) => text.startsWith("mosaik:"));
  if (invites.length === 0) return false;
  const { parseInvite } = await import("@mosaik/transport");
  return invites.some((text) => {
    try {
      const { secret, readKey, writeKey } = parseInvite(text);
      return [secret, readKey, writeKey].some((one) => one !== undefined);
    } catch {
      return false; // whoever uses it says so
    }
  });
}
