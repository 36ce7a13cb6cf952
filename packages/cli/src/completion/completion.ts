import type { CommandUnknownOpts as Command } from "@commander-js/extra-typings";
import { CliError } from "../errors.ts";
import type { Host } from "../host.ts";
import { createProgram } from "../program.ts";
import { bashCompletion, fishCompletion, zshCompletion } from "./shells.ts";

/** A command of the tree, as completions need it. */
export interface CompletedCommand {
  /** `mosaik peers ls`. */
  readonly path: string;
  /** The ways to write it, its own name and its aliases, below its parent's path. */
  readonly typed: readonly string[];
  readonly subcommands: readonly { readonly name: string; readonly about: string }[];
  readonly options: readonly { readonly long: string; readonly about: string }[];
}

const shells: Readonly<Record<string, (commands: readonly CompletedCommand[]) => string>> = {
  bash: bashCompletion,
  zsh: zshCompletion,
  fish: fishCompletion,
};

/** Prints what a shell needs to complete our commands, made from the tree of commands. */
export function printCompletion(host: Host, shell: string): void {
  const write = shells[shell];
  if (write === undefined) throw new CliError("CLI_USAGE", `'${shell}' is not bash, zsh or fish`);
  host.output.write(write(completed(createProgram(host), "")));
}

function completed(command: Command, above: string): CompletedCommand[] {
  const path = `${above}${command.name()}`;
  const one = {
    path,
    typed: [command.name(), ...command.aliases()].map((name) => above + name),
    subcommands: command.commands.map((sub) => ({ name: sub.name(), about: sub.description() })),
    options: [
      ...command.options.map(({ long, description }) => ({ long: long ?? "", about: description })),
      { long: "--help", about: "display help for command" },
    ],
  };
  return [one, ...command.commands.flatMap((sub) => completed(sub, `${path} `))];
}
