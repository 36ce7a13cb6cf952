import type { Group } from "../../model/groups.ts";
import { shortOf } from "../../model/identity.ts";
import { type Column, DataTable } from "../../parts/data-table.tsx";
import { formatCount } from "../../parts/format.ts";
import { Link, PeerLink } from "../../parts/link.tsx";
import { Empty, Framed } from "../../parts/states.tsx";
import { Said } from "../../parts/text.tsx";
import { view } from "../../shell/app.ts";
import { amend, route } from "../../shell/route.ts";
import { Comparison } from "./comparison.tsx";
import { GroupDetail } from "./group-detail.tsx";

const columns: readonly Column<Group>[] = [
  {
    name: "name",
    title: "Group",
    by: ({ name }) => name,
    cell: ({ id, name }) => (
      <Link screen="groups" to={{ selected: id }}>
        <Said text={name} max={60} />
      </Link>
    ),
  },
  { name: "id", title: "Id", by: ({ id }) => id, cell: ({ id }) => <code>{shortOf(id)}</code> },
  {
    name: "leader",
    title: "Leader",
    by: ({ leader }) => leader?.peer ?? "",
    cell: ({ leader }) =>
      leader ? (
        <PeerLink id={leader.peer} snapshot={view.value.snapshot} />
      ) : (
        <strong class="bad">nobody</strong>
      ),
  },
  { name: "term", title: "Term", numeric: true, by: ({ term }) => term, cell: ({ term }) => term },
  {
    name: "voters",
    title: "Voters online",
    numeric: true,
    by: ({ online, voters }) => online / Math.max(1, voters),
    cell: ({ online, voters }) => `${online} of ${voters}`,
  },
  {
    name: "learners",
    title: "Learners",
    numeric: true,
    by: ({ members, voters }) => members.length - voters,
    cell: ({ members, voters }) => members.length - voters,
  },
  {
    name: "commit",
    title: "Committed",
    numeric: true,
    by: ({ commit }) => commit,
    cell: ({ commit }) => formatCount(commit),
  },
  {
    name: "states",
    title: "States",
    by: ({ states }) => states,
    cell: ({ states }) => <Comparison states={states} />,
  },
];

/** The groups, or one of them. */
export function Groups() {
  const { groups } = view.value;
  const { selected, query } = route.value;
  const group = groups.find(({ id }) => id === selected);
  const wanted = query.toLowerCase();
  const rows = groups.filter(
    ({ name, id }) => name.toLowerCase().includes(wanted) || id.startsWith(wanted),
  );
  if (group !== undefined) return <GroupDetail group={group} />;
  return (
    <Framed title="Groups">
      {groups.length === 0 ? (
        <Empty title="No groups">
          No node that lets us look is in a group. Nodes that call <code>groups.join</code> with one
          key agree with each other.
        </Empty>
      ) : (
        <DataTable
          name="groups"
          caption="Groups"
          columns={columns}
          rows={rows}
          keyOf={({ id }) => id}
          onPick={({ id }) => amend({ selected: id })}
        />
      )}
    </Framed>
  );
}
