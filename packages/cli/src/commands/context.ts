import { createCommand } from "@commander-js/extra-typings";
import type { Host } from "../host.ts";
import { acting, printing } from "../settings/common-options.ts";

/** `context`: settings by name. */
export function contextCommand(host: Host) {
  return createCommand("context")
    .description("settings by name, for each network one")
    .addCommand(add(host))
    .addCommand(ls(host))
    .addCommand(select(host))
    .addCommand(show(host))
    .addCommand(edit(host))
    .addCommand(rm(host))
    .addCommand(validate(host));
}

function add(host: Host) {
  return acting(createCommand("add"))
    .description("keep the settings of this command line under a name")
    .argument("<name>", "the context's name")
    .action(async (name, options, command) => {
      const { addContext } = await import("../contexts/contexts.ts");
      addContext(host, name, options, command);
    });
}

function ls(host: Host) {
  return printing(createCommand("ls"))
    .description("list the contexts")
    .action(async (options) => {
      const { listContexts } = await import("../contexts/contexts.ts");
      listContexts(host, options);
    });
}

function select(host: Host) {
  return printing(createCommand("select"))
    .description("use a context wherever none is named")
    .argument("<name>", "the context's name")
    .action(async (name) => {
      const { selectContext } = await import("../settings/contexts.ts");
      selectContext(host, name);
    });
}

function show(host: Host) {
  return printing(createCommand("show"))
    .description("print a context, without its secrets")
    .argument("[name]", "the context's name (default: the selected one)")
    .action(async (name, options) => {
      const { showContext } = await import("../contexts/contexts.ts");
      showContext(host, name, options);
    });
}

function edit(host: Host) {
  return printing(createCommand("edit"))
    .description("open a context in $VISUAL or $EDITOR")
    .argument("<name>", "the context's name")
    .action(async (name) => {
      const { editContext } = await import("../contexts/contexts.ts");
      await editContext(host, name);
    });
}

function rm(host: Host) {
  return printing(createCommand("rm"))
    .description("forget a context")
    .argument("<name>", "the context's name")
    .option("-y, --yes", "do not ask")
    .action(async (name, options) => {
      const { forgetContext } = await import("../contexts/contexts.ts");
      await forgetContext(host, name, options);
    });
}

function validate(host: Host) {
  return printing(createCommand("validate"))
    .description("check that every field of a context is known, and fits")
    .argument("[name]", "the context's name (default: the selected one)")
    .option("--connect", "and that its network can be joined")
    .action(async (name, options) => {
      const { validateContext } = await import("../contexts/validate.ts");
      await validateContext(host, name, options);
    });
}
