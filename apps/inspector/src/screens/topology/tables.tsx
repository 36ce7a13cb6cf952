import { GroupsSection } from "@mosaik/groups";
import { StreamsSection } from "@mosaik/streams";
import { ConnectionsSection, NodeSection } from "@mosaik/transport";
import type { Edge } from "../../model/edges.ts";
import { nameOf, roleOf } from "../../model/identity.ts";
import { type Peer, sectionOf } from "../../model/snapshot.ts";
import { type Column, DataTable } from "../../parts/data-table.tsx";
import { formatRate, formatRtt, formatSpan } from "../../parts/format.ts";
import { PeerLink } from "../../parts/link.tsx";
import { peerColumn } from "../../parts/peer-column.tsx";
import { Id, Said } from "../../parts/text.tsx";
import { view } from "../../shell/app.ts";

const accessWords = { opening: "opening", open: "open", failed: "no answer" } as const;

function countOf(record: object | undefined): number {
  return record === undefined ? 0 : Object.keys(record).length;
}

const peerColumns: readonly Column<Peer>[] = [
  {
    name: "name",
    title: "Node",
    by: (peer) => nameOf(peer),
    cell: ({ id }) => <PeerLink id={id} snapshot={view.value.snapshot} />,
  },
  { name: "role", title: "Role", by: roleOf, cell: (peer) => roleOf(peer) },
  { name: "id", title: "Id", by: ({ id }) => id, cell: ({ id }) => <Id id={id} /> },
  {
    name: "access",
    title: "Inspection",
    by: ({ access }) => access?.state ?? "",
    cell: ({ access }) => (access === undefined ? "–" : accessWords[access.state]),
  },
  {
    name: "uptime",
    title: "Up for",
    numeric: true,
    by: (peer) => -(sectionOf(peer, NodeSection)?.startedAt ?? 0),
    cell: (peer) => {
      const node = sectionOf(peer, NodeSection);
      return node === undefined ? "–" : formatSpan(node.now - node.startedAt);
    },
  },
  {
    name: "connections",
    title: "Connections",
    numeric: true,
    by: (peer) => countOf(sectionOf(peer, ConnectionsSection)),
    cell: (peer) => countOf(sectionOf(peer, ConnectionsSection)),
  },
  {
    name: "produces",
    title: "Produces",
    numeric: true,
    by: (peer) => countOf(sectionOf(peer, StreamsSection)?.produced),
    cell: (peer) => countOf(sectionOf(peer, StreamsSection)?.produced),
  },
  {
    name: "consumes",
    title: "Consumes",
    numeric: true,
    by: (peer) => countOf(sectionOf(peer, StreamsSection)?.consumed),
    cell: (peer) => countOf(sectionOf(peer, StreamsSection)?.consumed),
  },
  {
    name: "groups",
    title: "Groups",
    numeric: true,
    by: (peer) => countOf(sectionOf(peer, GroupsSection)),
    cell: (peer) => countOf(sectionOf(peer, GroupsSection)),
  },
];

/** The nodes of the graph, as a table. */
export function PeerTable({
  peers,
  selected,
  onPick,
}: {
  readonly peers: readonly Peer[];
  readonly selected: string;
  readonly onPick: (id: string) => void;
}) {
  return (
    <DataTable
      name="peers"
      caption="Nodes"
      columns={peerColumns}
      rows={peers}
      keyOf={({ id }) => id}
      isSelected={({ id }) => id === selected}
      onPick={({ id }) => onPick(id)}
    />
  );
}

const edgeColumns: readonly Column<Edge>[] = [
  peerColumn("from", "From"),
  peerColumn("to", "To"),
  {
    name: "kind",
    title: "Kind",
    by: ({ kind }) => kind,
    cell: ({ kind, relayed, inferred }) =>
      `${kind}${relayed ? ", relayed" : ""}${inferred ? ", inferred" : ""}`,
  },
  { name: "of", title: "Of", by: ({ of }) => of, cell: ({ of }) => <Said text={of} max={40} /> },
  {
    name: "rate",
    title: "Items",
    numeric: true,
    by: ({ itemsPerSecond }) => itemsPerSecond ?? -1,
    cell: ({ itemsPerSecond, kind }) => (kind === "stream" ? formatRate(itemsPerSecond) : ""),
  },
  {
    name: "rtt",
    title: "Round trip",
    numeric: true,
    by: ({ rttMs }) => rttMs ?? -1,
    cell: ({ rttMs }) => (rttMs === undefined ? "" : formatRtt(rttMs)),
  },
];

/** The edges of the graph, as a table. */
export function EdgeTable({ edges }: { readonly edges: readonly Edge[] }) {
  return (
    <DataTable
      name="edges"
      caption="Edges"
      columns={edgeColumns}
      rows={edges}
      keyOf={({ kind, from, to, of }) => `${kind} ${from} ${to} ${of}`}
    />
  );
}
