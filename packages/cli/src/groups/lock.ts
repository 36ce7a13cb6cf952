import { discovery } from "@mosaik/discovery";
import {
  type Group,
  type GroupKey,
  type Groups,
  groups,
  noMachine,
  parseGroupKey,
  stretchGroupKey,
} from "@mosaik/groups";
import { memoryStorage } from "@mosaik/groups/memory";
import { createNetwork, diagnostics } from "@mosaik/transport";
import { CliError, Exit } from "../errors.ts";
import type { Host } from "../host.ts";
import type { BaseInit } from "../network/init.ts";
import { join, type Observer } from "../network/join.ts";
import { say } from "../output/printer.ts";
import { startCommand } from "../running/child-command.ts";
import type { JoinOptions } from "../settings/common-options.ts";
import { readSecret } from "../settings/secrets.ts";

/** What `groups lock` is told. */
export type LockOptions = JoinOptions & {
  readonly groupKey?: string | undefined;
  readonly groupKeyFile?: string | undefined;
  readonly groupKeyEnv?: string | undefined;
  readonly founders?: number | undefined;
};

type Locker = Observer & { readonly groups: Groups };
type LockGroup = Group<never, never, never, never>;

/**
 * Runs a command while this process leads the group of that name, its term in
 * `MOSAIK_FENCING_TOKEN`. Ends with the command's exit code; when the lead is lost first, the command
 * is ended.
 */
export async function lock(
  host: Host,
  name: string,
  command: readonly string[],
  options: LockOptions,
): Promise<void> {
  const start = startLocker;
  const manner = { listen: ["/ip4/0.0.0.0/tcp/0"] };
  await join(
    host,
    options,
    start,
    async ({ node, signal, deadline }) => {
      const key = await keyOf(host, name, node.name, options);
      const group: LockGroup = await node.groups.join({
        key,
        machine: noMachine,
        storage: memoryStorage(),
        founders: options.founders ?? 1,
      });
      try {
        const patience = options.timeout === undefined ? signal : deadline;
        say(host, options, `waiting for the lead of '${name}'`);
        await group.when.isLeader({ signal: patience });
        const { term, conflicts } = group.status.value;
        if (conflicts.length > 0) throw lost("the lock was founded twice: use --founders");
        say(host, options, `leading '${name}' in term ${term}`);
        throw new Exit(await runWhileLeading(host, command, group, term, signal));
      } finally {
        await group.leave();
      }
    },
    manner,
  );
}

function startLocker(init: BaseInit): Promise<Locker> {
  return createNetwork({
    ...init,
    services: { discovery: discovery(), diagnostics: diagnostics(), groups: groups() },
  });
}

async function keyOf(
  host: Host,
  name: string,
  network: string,
  { groupKey: text, groupKeyFile: file, groupKeyEnv: env }: LockOptions,
): Promise<GroupKey> {
  const given = await readSecret(host, { text, file, env });
  // without a key whoever is in the network may take part: it keeps order, not secrets
  if (given === undefined) return stretchGroupKey(`lock ${name} of all`, `${network}/${name}`);
  return parseGroupKey(given);
}

/** Runs the command; its exit code. */
async function runWhileLeading(
  host: Host,
  command: readonly string[],
  group: LockGroup,
  term: number,
  signal: AbortSignal,
): Promise<number> {
  const running = startCommand(host, command, { MOSAIK_FENCING_TOKEN: String(term) });
  let isLost = false;
  const following = group.status.subscribe((now) => {
    if (isLost || (now.role === "leader" && now.term === term)) return;
    isLost = true;
    running.end();
  });
  signal.addEventListener("abort", running.end, { once: true });
  try {
    const code = await running.exit;
    if (isLost) throw lost("the lead was lost while the command ran");
    return code;
  } finally {
    following[Symbol.dispose]();
  }
}

function lost(message: string): CliError {
  return new CliError("CLI_LEADERSHIP_LOST", message);
}
