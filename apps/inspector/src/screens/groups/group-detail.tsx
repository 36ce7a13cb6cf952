import { StepDownAction } from "@mosaik/groups";
import { useSignal } from "@preact/signals";
import { commandTimesOf } from "../../model/command-times.ts";
import type { Group, Member } from "../../model/groups.ts";
import { nameIn } from "../../model/identity.ts";
import { legible } from "../../model/legible.ts";
import { Act } from "../../parts/act.tsx";
import { type Column, DataTable } from "../../parts/data-table.tsx";
import { formatCount, formatRtt } from "../../parts/format.ts";
import { Link } from "../../parts/link.tsx";
import { peerColumn } from "../../parts/peer-column.tsx";
import { Framed } from "../../parts/states.tsx";
import { Id } from "../../parts/text.tsx";
import { view } from "../../shell/app.ts";
import { Comparison, NotYet } from "./comparison.tsx";
import { Elections } from "./elections.tsx";
import { LogTail } from "./log-tail.tsx";

const dash = "–";
const columns: readonly Column<Member>[] = [
  peerColumn("peer", "Member"),
  {
    name: "part",
    title: "Part",
    by: ({ own }) => own?.role ?? "",
    cell: ({ own, voting, kind }) => {
      const role =
        own === undefined ? "does not answer" : own.state === "running" ? own.role : own.state;
      return `${role}, ${voting ? "voter" : "learner"}${kind === "data" ? "" : `, ${kind}`}`;
    },
  },
  {
    name: "term",
    title: "Term",
    numeric: true,
    by: ({ own }) => own?.term ?? -1,
    cell: ({ own }) => own?.term ?? dash,
  },
  {
    name: "last",
    title: "Last",
    numeric: true,
    by: ({ own }) => own?.lastIndex ?? -1,
    cell: ({ own }) => (own ? formatCount(own.lastIndex) : dash),
  },
  {
    name: "commit",
    title: "Commit",
    numeric: true,
    by: ({ own }) => own?.commit ?? -1,
    cell: ({ own }) => (own ? formatCount(own.commit) : dash),
  },
  {
    name: "applied",
    title: "Applied",
    numeric: true,
    by: ({ own }) => own?.applied ?? -1,
    cell: ({ own }) => (own ? formatCount(own.applied) : dash),
  },
  {
    name: "lag",
    title: "Trails leader by",
    numeric: true,
    by: ({ lag }) => lag ?? -1,
    cell: ({ lag }) => (lag === undefined ? dash : formatCount(lag)),
  },
  {
    name: "durable",
    title: "Durable",
    by: ({ own }) => (own?.durable ? 1 : 0),
    cell: ({ own }) => (own === undefined ? dash : own.durable ? "yes" : "in memory"),
  },
  {
    name: "hash",
    title: "State",
    by: ({ own }) => own?.checkpoint?.hash ?? "",
    cell: ({ own }) =>
      own === undefined ? (
        dash
      ) : own.checkpoint === undefined ? (
        <NotYet />
      ) : (
        <span title={`at position ${own.checkpoint.position}`}>
          <code>{legible(own.checkpoint.hash.slice(0, 8))}</code>
          <small> @{formatCount(own.checkpoint.position)}</small>
        </span>
      ),
  },
];

/** One group: its members, its elections, its log. */
export function GroupDetail({ group }: { readonly group: Group }) {
  const { leader, term, commit, states, members } = group;
  const { snapshot } = view.value;
  const heir = useSignal("");
  const times = commandTimesOf(snapshot, group.id);
  return (
    <Framed
      title={legible(group.name, 60) || "A group"}
      tools={<Link screen="groups">All groups</Link>}
    >
      <dl class="figures small">
        <div>
          <dt>Leader</dt>
          <dd data-testid="leader">
            {leader === undefined ? "nobody" : nameIn(snapshot, leader.peer)}
          </dd>
        </div>
        <div>
          <dt>Term</dt>
          <dd>{term}</dd>
        </div>
        <div>
          <dt>Committed</dt>
          <dd>{formatCount(commit)}</dd>
        </div>
        {times !== undefined && (
          <div title={`of ${formatCount(times.count)} that nodes gave since they began`}>
            <dt>Commands take</dt>
            <dd>
              {formatRtt(times.p50)} <small>p99 {formatRtt(times.p99)}</small>
            </dd>
          </div>
        )}
        <div>
          <dt>States</dt>
          <dd>
            <Comparison states={states} />
          </dd>
        </div>
        <div>
          <dt>Id</dt>
          <dd>
            <Id id={group.id} />
          </dd>
        </div>
      </dl>
      <DataTable
        name="members"
        caption="Members"
        columns={columns}
        rows={members}
        keyOf={({ id }) => id}
      />
      {leader !== undefined && (
        <Act
          peer={leader.peer}
          action={StepDownAction}
          input={() => ({ group: group.id, ...(heir.value === "" ? {} : { to: heir.value }) })}
          label="Hand over the lead"
          question={`${nameIn(snapshot, leader.peer)} shall no longer lead this group. Commands wait until another does.`}
          told={({ to }) => `handed over to ${nameIn(snapshot, to.split("#")[0] ?? "")}`}
        >
          <label>
            To{" "}
            <select
              value={heir.value}
              onChange={(event) => {
                heir.value = event.currentTarget.value;
              }}
            >
              <option value="">whoever can</option>
              {members
                .filter(({ voting, id }) => voting && id !== leader.id)
                .map(({ id, peer }) => (
                  <option key={id} value={id}>
                    {nameIn(snapshot, peer)}
                  </option>
                ))}
            </select>
          </label>
        </Act>
      )}
      <div class="columns even">
        <Elections group={group} />
        <LogTail group={group} />
      </div>
    </Framed>
  );
}
