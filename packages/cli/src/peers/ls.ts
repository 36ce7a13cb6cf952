import type { Host } from "../host.ts";
import { observe } from "../network/join.ts";
import { duration, short } from "../output/figures.ts";
import { Printer } from "../output/printer.ts";
import { repeat } from "../output/repeat.ts";
import type { Column } from "../output/table.ts";
import type { ListOptions } from "../settings/common-options.ts";
import { type PeerFilter, type PeerRow, peerRows } from "./rows.ts";

/** Lists the peers of the network. */
export async function listPeers(host: Host, options: ListOptions & PeerFilter): Promise<void> {
  const printer = new Printer(host, options);
  await observe(host, options, (joined) =>
    repeat(host, printer, options.watch, async () => {
      printer.list("peers", await peerRows(host, options, joined), columns);
    }),
  );
}

const columns: readonly Column<PeerRow>[] = [
  { title: "ID", of: ({ peer }) => short(peer), full: ({ peer }) => peer, style: () => "cyan" },
  { title: "TAGS", of: ({ tags }) => tags.join(" ") },
  { title: "ADDRESS", of: ({ addresses }) => addresses[0] ?? "" },
  { title: "RTT", of: ({ rttMs }) => duration(rttMs), align: "right" },
  { title: "PATH", of: ({ path }) => path ?? "" },
  { title: "PRODUCES", of: ({ produces }) => String(produces), align: "right" },
  { title: "GROUPS", of: ({ groups }) => String(groups), align: "right" },
  {
    title: "SEEN",
    of: ({ signedAt }) => duration(Math.max(0, Date.now() - signedAt)),
    align: "right",
  },
  { title: "UP", of: ({ uptimeMs }) => duration(uptimeMs), align: "right" },
];
