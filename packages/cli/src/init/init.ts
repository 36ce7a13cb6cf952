import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { CliError } from "../errors.ts";
import type { Host } from "../host.ts";
import { Printer } from "../output/printer.ts";
import type { PrintOptions } from "../settings/common-options.ts";
import { type Template, templates } from "./templates.ts";

/** What `init` is told, and asks for where somebody is there to ask. */
export type InitOptions = PrintOptions & {
  readonly template?: Template | undefined;
  readonly pm?: PackageTool | undefined;
};

/** What installs packages. */
export type PackageTool = "npm" | "pnpm" | "yarn" | "bun";

/** All that `init` needs to know. */
export interface Choice {
  readonly dir: string;
  readonly template: Template;
  readonly pm: PackageTool;
}

/** Writes a template into an empty folder, and says how to run it. */
export async function init(
  host: Host,
  dir: string | undefined,
  options: InitOptions,
): Promise<void> {
  const printer = new Printer(host, options);
  const choice = await choose(host, dir, options);
  const folder = resolve(host.cwd, choice.dir);
  if (existsSync(folder) && readdirSync(folder).length > 0) {
    throw new CliError("CLI_FILE", `${choice.dir} is not empty`, { hint: "name another folder" });
  }
  const { files, run } = templates[choice.template](basename(folder));
  for (const [path, text] of Object.entries(files)) {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  const next = [`cd ${choice.dir}`, `${choice.pm} install`, ...run];
  printer.one({ ...choice, files: Object.keys(files), next }, () =>
    next.map((line) => [{ text: line }]),
  );
}

async function choose(host: Host, dir: string | undefined, options: InitOptions): Promise<Choice> {
  const { template, pm } = options;
  const isThere = host.input.isTTY === true && host.output.isTTY === true;
  if ((dir !== undefined && template !== undefined) || !isThere) {
    if (dir === undefined) throw new CliError("CLI_USAGE", "into which folder?");
    return { dir, template: template ?? "stream", pm: pm ?? "npm" };
  }
  const { ask } = await import("./ask.ts");
  return ask(host, { dir, template, pm });
}
