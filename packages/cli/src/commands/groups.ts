import { createCommand } from "@commander-js/extra-typings";
import type { Host } from "../host.ts";
import { acting, inspecting, joining, listing } from "../settings/common-options.ts";
import { parseCount } from "../settings/quantities.ts";

/** `groups`: who agrees on what. */
export function groupsCommand(host: Host) {
  return createCommand("groups")
    .description("who agrees on what, and who leads")
    .addCommand(ls(host))
    .addCommand(status(host))
    .addCommand(leader(host))
    .addCommand(stepDown(host))
    .addCommand(log(host))
    .addCommand(snapshot(host))
    .addCommand(lock(host));
}

const groupText = "its id, the first digits of it, its name, or that of its machine";

function ls(host: Host) {
  return listing(createCommand("ls"))
    .description("list the groups of the network")
    .action(async (options) => {
      const { listGroups } = await import("../groups/ls.ts");
      await listGroups(host, options);
    });
}

function status(host: Host) {
  return listing(createCommand("status"))
    .description("print the members of a group, and how far each trails its leader")
    .argument("<group>", groupText)
    .option("--check", "exit with 7 where it is not healthy")
    .action(async (group, options) => {
      const { groupStatus } = await import("../groups/status.ts");
      await groupStatus(host, group, options);
    });
}

function leader(host: Host) {
  return listing(createCommand("leader"))
    .description("print the peer that leads a group")
    .argument("<group>", groupText)
    .action(async (group, options) => {
      const { printLeader } = await import("../groups/leader.ts");
      await printLeader(host, group, options);
    });
}

function stepDown(host: Host) {
  return acting(createCommand("step-down"))
    .description("have the leader of a group hand over")
    .argument("<group>", groupText)
    .option("--to <id>", "the peer to hand over to (default: whoever can lead)")
    .action(async (group, options) => {
      const { stepDown } = await import("../groups/leader.ts");
      await stepDown(host, group, options);
    });
}

function log(host: Host) {
  return inspecting(createCommand("log"))
    .description("print entries of a group's log, decoded")
    .argument("<group>", groupText)
    .option("--from <position>", "the first position (default: the newest entries)", parseCount)
    .option("--limit <number>", "how many (default: 50)", parseCount)
    .action(async (group, options) => {
      const { printLog } = await import("../groups/log.ts");
      await printLog(host, group, options);
    });
}

function snapshot(host: Host) {
  return inspecting(createCommand("snapshot"))
    .description("write the replicated state of a group, as it is now, into a file")
    .argument("<group>", groupText)
    .option("--out <file>", "where to; nothing is overwritten")
    .action(async (group, options) => {
      const { writeSnapshot } = await import("../groups/snapshot.ts");
      await writeSnapshot(host, group, options);
    });
}

function lock(host: Host) {
  return joining(createCommand("lock"))
    .description("run a command while leading a group: on one of all nodes that run this")
    .argument("<name>", "the lock's name")
    .argument("<command...>", "the command and its arguments, after --")
    .option("--group-key <text>", "the lock's key; better: --group-key-file (default: none)")
    .option("--group-key-file <path>", "a file that holds the key; - for the standard input")
    .option("--group-key-env <name>", "an environment variable that holds the key")
    .option("--founders <number>", "how many nodes must agree to begin (default: 1)", parseCount)
    .action(async (name, command, options) => {
      const { lock } = await import("../groups/lock.ts");
      await lock(host, name, command, options);
    });
}
