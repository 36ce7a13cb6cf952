import type { GroupMembership } from "@mosaik/groups";
import type { PeerId } from "@mosaik/primitives";
import { CliError } from "../errors.ts";
import type { Host } from "../host.ts";
import { observe } from "../network/join.ts";
import { short } from "../output/figures.ts";
import { Printer, say } from "../output/printer.ts";
import { repeat } from "../output/repeat.ts";
import type { Column } from "../output/table.ts";
import type { ListOptions } from "../settings/common-options.ts";
import { type GroupView, groupOf, groupViews, healthOf } from "./views.ts";

interface MemberRow {
  readonly [name: string]: unknown;
  readonly peer: string;
  readonly role: string;
  readonly voting: boolean;
  readonly bonded: boolean;
  /** Positions that the member is behind the leader, as the leader knows. */
  readonly trails?: number;
  /** What only the member itself says. */
  readonly term?: number;
  readonly lastIndex?: number;
  readonly commit?: number;
  readonly applied?: number;
  readonly checkpoint?: { readonly position: number; readonly hash: string };
}

/** Prints the members of a group and how far each has got. */
export async function groupStatus(
  host: Host,
  wanted: string,
  options: ListOptions & { readonly check?: true | undefined },
): Promise<void> {
  const printer = new Printer(host, options);
  await observe(host, options, (joined) =>
    repeat(host, printer, options.watch, async () => {
      const group = groupOf(await groupViews(host, options, joined), wanted);
      printer.list("members", rowsOf(group), columns);
      const health = healthOf(group);
      if (health !== "healthy") say(host, options, `the group is ${health}`);
      if (options.check && health !== "healthy") {
        throw new CliError("CLI_UNHEALTHY", `the group is ${health}`);
      }
    }),
  );
}

function rowsOf({ best: { view }, views }: GroupView): MemberRow[] {
  return Object.entries(view.members)
    .map(([id, member]) => rowOf(member, views.get(member.peer as PeerId), id === view.leader))
    .sort((a, b) => (a.peer < b.peer ? -1 : 1));
}

function rowOf(
  { peer, kind, voting, bonded, lag }: GroupMembership["members"][string],
  own: GroupMembership | undefined,
  leads: boolean,
): MemberRow {
  const role = own?.role ?? (leads ? "leader" : kind === "data" ? "?" : kind);
  const inside = own && {
    term: own.term,
    lastIndex: own.lastIndex,
    commit: own.commit,
    applied: own.applied,
    ...(own.checkpoint === undefined ? {} : { checkpoint: own.checkpoint }),
  };
  return { peer, role, voting, bonded, ...(lag === undefined ? {} : { trails: lag }), ...inside };
}

const columns: readonly Column<MemberRow>[] = [
  { title: "PEER", of: ({ peer }) => short(peer), full: ({ peer }) => peer, style: () => "cyan" },
  { title: "ROLE", of: ({ role }) => role },
  { title: "VOTER", of: ({ voting }) => (voting ? "yes" : "no") },
  { title: "BOND", of: ({ bonded }) => (bonded ? "yes" : "no") },
  { title: "TERM", of: ({ term }) => figure(term), align: "right" },
  { title: "LAST", of: ({ lastIndex }) => figure(lastIndex), align: "right" },
  { title: "COMMIT", of: ({ commit }) => figure(commit), align: "right" },
  { title: "APPLIED", of: ({ applied }) => figure(applied), align: "right" },
  { title: "TRAILS LEADER BY", of: ({ trails }) => figure(trails), align: "right" },
  {
    title: "HASH",
    of: ({ checkpoint: at, applied }) => {
      if (at === undefined) return applied === undefined ? "" : "not yet"; // every 256 positions
      return `${at.hash.slice(0, 8)} at ${at.position}`;
    },
  },
];

function figure(value: number | undefined): string {
  return value === undefined ? "" : String(value);
}
