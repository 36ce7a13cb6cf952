import { createCommand } from "@commander-js/extra-typings";
import type { Host } from "../host.ts";

/** `completion`: what a shell needs to complete our commands. */
export function completionCommand(host: Host) {
  return createCommand("completion")
    .description("print what bash, zsh or fish need to complete mosaik's commands")
    .argument("<shell>", "bash, zsh or fish")
    .action(async (shell) => {
      const { printCompletion } = await import("../completion/completion.ts");
      printCompletion(host, shell);
    });
}
