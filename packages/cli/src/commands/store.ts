import { type CommandUnknownOpts, createCommand } from "@commander-js/extra-typings";
import { CliError } from "../errors.ts";
import type { Host } from "../host.ts";
import { acting, inspecting, listing } from "../settings/common-options.ts";
import { parseCount } from "../settings/quantities.ts";

/** `store`: what nodes share. */
export function storeCommand(host: Host) {
  return createCommand("store")
    .description("the collections that nodes share")
    .addCommand(ls(host))
    .addCommand(info(host))
    .addCommand(get(host))
    .addCommand(keys(host))
    .addCommand(exporting(host))
    .addCommand(watch(host))
    .addCommand(put(host))
    .addCommand(del(host))
    .addCommand(importing(host));
}

const nameText = "the store's name, or the first digits of its id";
const keyText = "the key: JSON, or a text that stands for itself; of a list an index";

function ls(host: Host) {
  return listing(createCommand("ls"))
    .description("list the collections, and whether their replicas agree")
    .action(async (options) => {
      const { listStores } = await import("../stores/ls.ts");
      await listStores(host, options);
    });
}

function info(host: Host) {
  return inspecting(createCommand("info"))
    .description("print the replicas of a collection, with their versions and hashes")
    .argument("<name>", nameText)
    .action(async (name, options) => {
      const { storeInfo } = await import("../stores/ls.ts");
      await storeInfo(host, name, options);
    });
}

function get(host: Host) {
  return inspecting(createCommand("get"))
    .description("print a value, as the leader's replica has it; exits with 3 where there is none")
    .argument("<name>", nameText)
    .argument("[key]", keyText)
    .action(async (name, key, options) => {
      const { getItem } = await import("../stores/read.ts");
      await getItem(host, { name, key }, options);
    });
}

function keys(host: Host) {
  return inspecting(createCommand("keys"))
    .description("print the keys of a collection")
    .argument("<name>", nameText)
    .option("--prefix <text>", "only keys that begin so")
    .option("--limit <number>", "at most so many", parseCount)
    .action(async (name, options) => {
      const { listKeys } = await import("../stores/read.ts");
      await listKeys(host, name, options);
    });
}

function exporting(host: Host) {
  return inspecting(createCommand("export"))
    .description("print the items of a collection, one a line, as import takes them")
    .argument("<name>", nameText)
    .option("--prefix <text>", "only keys that begin so")
    .option("--limit <number>", "at most so many", parseCount)
    .action(async (name, options) => {
      const { exportItems } = await import("../stores/read.ts");
      await exportItems(host, name, options);
    });
}

function watch(host: Host) {
  return inspecting(createCommand("watch"))
    .description("print the items of a collection, and every change, until you end it")
    .usage("[options] <name> [key] [-- command...]")
    .argument("<name>", nameText)
    .argument("[rest...]", `${keyText}; after -- a command to run at each change instead`)
    .option("--prefix <text>", "only keys that begin so")
    .action(async (name, rest, options, command) => {
      const after = behindDashes(command);
      const [key, ...more] = rest.slice(0, rest.length - after.length);
      if (more.length > 0) throw new CliError("CLI_USAGE", `too many words: ${more.join(" ")}`);
      const { watchStore } = await import("../stores/watch.ts");
      await watchStore(host, { name, key, command: after }, options);
    });
}

/** What stands behind `--` on the command line. */
function behindDashes(command: CommandUnknownOpts): readonly string[] {
  let root = command;
  while (root.parent !== null) root = root.parent;
  const { rawArgs } = root as CommandUnknownOpts & { readonly rawArgs: readonly string[] }; // untyped
  const at = rawArgs.indexOf("--");
  return at < 0 ? [] : rawArgs.slice(at + 1);
}

function put(host: Host) {
  return acting(createCommand("put"))
    .description("have a writer of the collection put an item")
    .argument("<name>", nameText)
    .argument("<key>", `${keyText}; of a cell: its value`)
    .argument("[value]", "the value as JSON, or a text; - for the standard input")
    .option("--priority <number>", "of an item of a priority queue", Number)
    .action(async (name, key, value, options) => {
      const { editItem } = await import("../stores/edit.ts");
      await editItem(host, name, { kind: "put", key, value, priority: options.priority }, options);
    });
}

function del(host: Host) {
  return acting(createCommand("del"))
    .description("have a writer of the collection remove an item")
    .argument("<name>", nameText)
    .argument("[key]", keyText)
    .action(async (name, key, options) => {
      const { editItem } = await import("../stores/edit.ts");
      await editItem(host, name, { kind: "remove", key }, options);
    });
}

function importing(host: Host) {
  return acting(createCommand("import"))
    .description("put an item for each line of the standard input, as export prints them")
    .argument("<name>", nameText)
    .action(async (name, options) => {
      const { importItems } = await import("../stores/edit.ts");
      await importItems(host, name, options);
    });
}
