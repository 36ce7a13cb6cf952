import { spawn } from "node:child_process";
import type { OptionValues } from "@commander-js/extra-typings";
import { CliError } from "../errors.ts";
import type { Host } from "../host.ts";
import { confirm } from "../output/confirm.ts";
import { Printer } from "../output/printer.ts";
import type { PrintOptions } from "../settings/common-options.ts";
import {
  contextFile,
  contextNames,
  readContext,
  removeContext,
  selectedContext,
  writeContext,
} from "../settings/contexts.ts";
import { secretFields } from "../settings/secret-options.ts";
import type { Fields } from "../settings/sources.ts";

/** What of a command is asked here. */
interface Filled {
  opts(): OptionValues;
  getOptionValueSource(key: string): string | undefined;
}

/** Fields that say how to print, not where: they are not kept. */
const passing = ["output", "json", "quiet", "color", "yes", "context"];

/** Keeps what the command line says under a name. */
export function addContext(host: Host, name: string, options: PrintOptions, command: Filled): void {
  const said = Object.entries(command.opts()).filter(
    ([key]) => command.getOptionValueSource(key) === "cli" && !passing.includes(key),
  );
  const fields = Object.fromEntries(
    said.map(([key, value]) => [key, key === "timeout" ? `${value}ms` : value]),
  );
  writeContext(host, name, fields);
  const file = contextFile(host, name);
  new Printer(host, options).one({ context: name, file, fields: shown(fields) }, () => [
    [{ text: `kept in ${file}` }],
  ]);
}

/** Lists the contexts. */
export function listContexts(host: Host, options: PrintOptions): void {
  const selected = selectedContext(host);
  const rows = contextNames(host).map((name) => {
    const { network, seed } = readContext(host, name);
    return { name, network, seed, selected: name === selected };
  });
  new Printer(host, options).list("contexts", rows, [
    { title: "NAME", of: (row) => row.name, style: () => "cyan" },
    { title: "NETWORK", of: (row) => String(row.network ?? "") },
    { title: "SEED", of: (row) => String(row.seed ?? "") },
    { title: "SELECTED", of: (row) => (row.selected ? "yes" : "") },
  ]);
}

/** Prints a context, without its secrets. */
export function showContext(host: Host, name: string | undefined, options: PrintOptions): void {
  const context = namedOrSelected(host, name);
  const fields = shown(readContext(host, context));
  new Printer(host, options).one({ context, fields }, () =>
    Object.entries(fields).map(([key, value]) => [{ text: `${key}  ${value}` }]),
  );
}

/** The context that is named, or the selected one. */
export function namedOrSelected(host: Host, name: string | undefined): string {
  const context = name ?? selectedContext(host);
  if (context !== undefined) return context;
  throw new CliError("CLI_USAGE", "which context? none is selected", {
    hint: "mosaik context select NAME",
  });
}

/** Opens a context in the user's editor. */
export async function editContext(host: Host, name: string): Promise<void> {
  readContext(host, name);
  const { VISUAL, EDITOR } = host.env;
  const editor = VISUAL || EDITOR;
  if (!editor) throw new CliError("CLI_USAGE", "which editor? neither VISUAL nor EDITOR is set");
  const [program = "", ...args] = editor.split(" ");
  const child = spawn(program, [...args, contextFile(host, name)], { stdio: "inherit" });
  await new Promise<void>((resolve, reject) => {
    child.once("error", reject).once("close", () => resolve());
  });
  readContext(host, name);
}

/** Forgets a context. */
export async function forgetContext(
  host: Host,
  name: string,
  options: { readonly yes?: true | undefined },
): Promise<void> {
  readContext(host, name);
  await confirm(host, options, `forget the context '${name}'?`);
  removeContext(host, name);
}

function shown(fields: Fields): Fields {
  const entries = Object.entries(fields).map(([key, value]) => [
    key,
    secretFields.includes(key) ? "[secret]" : value,
  ]);
  return Object.fromEntries(entries);
}
