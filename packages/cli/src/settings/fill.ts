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
  for (const option of given) {
    if (secretOf(option) === undefined || option.long !== `--${secretOf(option)}`) continue;
    const line = `warning: whoever lists processes can read ${option.long}; use ${option.long}-file`;
    if (option.attributeName() in command.opts()) host.talk.write(`${line}\n`);
  }
}
