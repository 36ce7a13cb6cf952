import { StepDownAction } from "@mosaik/groups";
import type { PeerId } from "@mosaik/primitives";
import { CliError } from "../errors.ts";
import type { Host } from "../host.ts";
import { type Joined, type Observer, observe } from "../network/join.ts";
import { peerOf, writeKeyOf } from "../network/look.ts";
import { confirm } from "../output/confirm.ts";
import { short } from "../output/figures.ts";
import { Printer } from "../output/printer.ts";
import { pause } from "../output/repeat.ts";
import type { ActOptions, InspectOptions, ListOptions } from "../settings/common-options.ts";
import { type GroupView, groupOf, groupViews, leaderOf } from "./views.ts";

const lookEveryMs = 500;

/** Prints who leads a group; with `--watch` again whenever that changes. */
export async function printLeader(host: Host, wanted: string, options: ListOptions): Promise<void> {
  const { watch } = options;
  const printer = new Printer(host, options, watch === undefined ? "value" : "ndjson");
  await observe(host, options, async (joined) => {
    let told: string | undefined;
    for (;;) {
      const group = groupOf(await groupViews(host, options, joined), wanted);
      const leader = leaderOf(group);
      if (watch === undefined && leader === undefined) throw noLeader(group);
      const facts = { group: group.id, leader, term: group.best.view.term };
      const key = `${leader} ${facts.term}`;
      if (key !== told)
        printer.item(
          facts,
          () => [{ text: leader ?? "none" }],
          () => leader ?? "",
        );
      told = key;
      if (watch === undefined) return;
      await pause(watch === true ? lookEveryMs : watch, joined.signal);
    }
  });
}

/** Has the leader of a group hand over, and prints to whom. */
export async function stepDown(
  host: Host,
  wanted: string,
  options: ActOptions & InspectOptions & { readonly to?: string | undefined },
): Promise<void> {
  const printer = new Printer(host, options);
  await observe(host, options, async (joined) => {
    const group = groupOf(await groupViews(host, options, joined), wanted);
    const leader = leaderOf(group);
    if (leader === undefined) throw noLeader(group);
    const heir = options.to === undefined ? undefined : memberOf(joined, group, options.to);
    const question = `have ${short(leader)} hand over the lead of ${short(group.id)}?`;
    await confirm(host, options, question);
    const key = await writeKeyOf(host, options);
    await using inspection = await joined.node.diagnostics.inspect(leader, {
      grant: "write",
      signal: joined.deadline,
      ...(key === undefined ? {} : { key }),
    });
    const asked = { group: group.id, ...(heir === undefined ? {} : { to: heir }) };
    const { to } = await inspection.act(StepDownAction, asked, { signal: joined.deadline });
    const peer = group.best.view.members[to]?.peer ?? to;
    printer.one({ group: group.id, from: leader, to: peer }, () => [
      [{ text: `${short(leader)} was asked to hand over to ${short(peer)}` }],
    ]);
  });
}

function memberOf({ node }: Joined<Observer>, group: GroupView, digits: string): string {
  const peer: PeerId = peerOf(node, digits);
  const found = Object.entries(group.best.view.members).find(([, member]) => member.peer === peer);
  if (found !== undefined) return found[0];
  throw new CliError("CLI_NOT_FOUND", `${short(peer)} is no member of the group`);
}

function noLeader({ id }: GroupView): CliError {
  return new CliError("CLI_NO_LEADER", `the group ${short(id)} has no leader`);
}
