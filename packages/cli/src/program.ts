import { type CommandUnknownOpts as AnyCommand, createCommand } from "@commander-js/extra-typings";
import { benchCommand } from "./commands/bench.ts";
import { completionCommand } from "./commands/completion.ts";
import { configCommand } from "./commands/config.ts";
import { contextCommand } from "./commands/context.ts";
import { debugCommand } from "./commands/debug.ts";
import { doctorCommand } from "./commands/doctor.ts";
import { eventsCommand } from "./commands/events.ts";
import { explainCommand } from "./commands/explain.ts";
import { groupsCommand } from "./commands/groups.ts";
import { idCommand } from "./commands/id.ts";
import { initCommand } from "./commands/init.ts";
import { inspectCommand } from "./commands/inspect.ts";
import { joinCommand } from "./commands/join.ts";
import { keygenCommand } from "./commands/keygen.ts";
import { metricsCommand } from "./commands/metrics.ts";
import { nodeCommand } from "./commands/node.ts";
import { peersCommand } from "./commands/peers.ts";
import { relayCommand } from "./commands/relay.ts";
import { storeCommand } from "./commands/store.ts";
import { streamsCommand } from "./commands/streams.ts";
import { ticketCommand } from "./commands/ticket.ts";
import { topCommand } from "./commands/top.ts";
import { versionCommand } from "./commands/version.ts";
import type { Host } from "./host.ts";
import { fillFromSources } from "./settings/fill.ts";
import { version } from "./version.ts";

/** The whole tree of commands. What they do is loaded when one of them runs. */
export function createProgram(host: Host): AnyCommand {
  const program: AnyCommand = createCommand("mosaik")
    .description("Run nodes of a mosaik network, look into it, act on it, find out why.")
    .version(version, "-V, --version", "print the version")
    .addHelpText("after", footer);
  const commands = [
    initCommand,
    nodeCommand,
    relayCommand,
    joinCommand,
    keygenCommand,
    idCommand,
    ticketCommand,
    peersCommand,
    streamsCommand,
    groupsCommand,
    storeCommand,
    benchCommand,
    topCommand,
    eventsCommand,
    doctorCommand,
    inspectCommand,
    debugCommand,
    metricsCommand,
    contextCommand,
    configCommand,
    completionCommand,
    explainCommand,
    versionCommand,
  ];
  for (const make of commands) program.addCommand(make(host));
  program.hook("preAction", (_, command) => fillFromSources(host, command));
  for (const command of withSubcommands(program)) {
    command
      .exitOverride()
      .helpCommand(false)
      .configureOutput({
        writeOut: (text) => void host.output.write(text),
        writeErr: (text) => void host.talk.write(text),
        outputError: () => {}, // said once, by whoever catches it
        getOutHelpWidth: () => host.output.columns ?? 80,
        getErrHelpWidth: () => host.talk.columns ?? 80,
        getOutHasColors: () => false,
        getErrHasColors: () => false,
      });
  }
  return program;
}

const footer = `
Every option may also come from MOSAIK_<OPTION> in the environment, from ./mosaik.config.json,
or from a context: the first of these that says something counts ('mosaik config show --sources').
Exit codes: 0 ok, 1 failed, 2 usage, 3 not found, 4 unreachable, 5 no quorum, 6 refused,
7 unhealthy, 124 timed out, 130 interrupted.`;

/** A command and all that are below it. */
export function withSubcommands(command: AnyCommand): AnyCommand[] {
  return [command, ...command.commands.flatMap(withSubcommands)];
}
