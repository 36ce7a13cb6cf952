import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { CliError } from "../errors.ts";
import type { Host } from "../host.ts";
import { readFields } from "./config-file.ts";
import type { Fields } from "./sources.ts";

/** Where contexts live: a file each, for its user alone. */
export function contextsFolder(host: Host): string {
  const { XDG_CONFIG_HOME, HOME } = host.env;
  return join(XDG_CONFIG_HOME || join(HOME ?? homedir(), ".config"), "mosaik", "contexts");
}

/** The file of a context. */
export function contextFile(host: Host, name: string): string {
  if (!/^[a-zA-Z0-9][a-zA-Z0-9._-]{0,63}$/.test(name)) {
    throw new CliError("CLI_USAGE", `'${name}' cannot name a context: use letters, digits, ._-`);
  }
  return join(contextsFolder(host), `${name}.json`);
}

/** The names of all contexts. */
export function contextNames(host: Host): string[] {
  try {
    const files = readdirSync(contextsFolder(host));
    return files.flatMap((file) => (file.endsWith(".json") ? [file.slice(0, -5)] : [])).sort();
  } catch {
    return []; // there is no folder yet
  }
}

/**
 * The fields of a context.
 *
 * @throws CliError with `CLI_NOT_FOUND` or `CLI_BAD_CONFIG`.
 */
export function readContext(host: Host, name: string): Fields {
  const fields = readFields(contextFile(host, name));
  if (fields !== undefined) return fields;
  throw new CliError("CLI_NOT_FOUND", `there is no context '${name}'`, {
    hint: "mosaik context ls",
  });
}

/** Writes a context, readable by its user alone. */
export function writeContext(host: Host, name: string, fields: Fields): void {
  const file = contextFile(host, name);
  mkdirSync(contextsFolder(host), { recursive: true, mode: 0o700 });
  writeFileSync(file, `${JSON.stringify(fields, undefined, 2)}\n`, { mode: 0o600 });
  chmodSync(file, 0o600); // one that was there keeps its mode otherwise
}

/** Removes a context. */
export function removeContext(host: Host, name: string): void {
  rmSync(contextFile(host, name));
  if (selectedContext(host) === name) rmSync(selectionFile(host));
}

/** The context that was selected, if any. */
export function selectedContext(host: Host): string | undefined {
  try {
    return readFileSync(selectionFile(host), "utf8").trim() || undefined;
  } catch {
    return undefined; // nothing was selected
  }
}

/** Selects a context for every command that names none. */
export function selectContext(host: Host, name: string): void {
  readContext(host, name);
  writeFileSync(selectionFile(host), `${name}\n`, { mode: 0o600 });
}

function selectionFile(host: Host): string {
  return join(contextsFolder(host), "selected");
}
