import type { EdgeKind } from "../../model/edges.ts";
import { edgeKinds } from "../../model/edges.ts";
import { peersOf, rolesIn } from "../../model/identity.ts";
import { Framed } from "../../parts/states.tsx";
import { view } from "../../shell/app.ts";
import { amend, amendMore, route } from "../../shell/route.ts";
import { matches } from "./filter.ts";
import { Graph } from "./graph.tsx";
import { byRole, marksOf, singleMax } from "./marks.ts";
import { SidePanel } from "./side-panel.tsx";
import { EdgeTable, PeerTable } from "./tables.tsx";

const kindTitles: Readonly<Record<EdgeKind, string>> = {
  stream: "Streams",
  group: "Groups",
  gossip: "Gossip",
  connection: "Connections",
};
const shownAtFirst = "stream,group";

/** Who is there and what joins them, as a drawing or as tables. */
export function Topology() {
  const { snapshot, edges, groups } = view.value;
  const { selected, more } = route.value;
  const layers = (more["layers"] ?? shownAtFirst).split(",");
  const peers = peersOf(snapshot, more["watchers"] === "1").filter(matches);
  const shown = new Set(peers.map(({ id }) => id));
  const visible = edges.filter(
    ({ kind, from, to }) => layers.includes(kind) && shown.has(from) && shown.has(to),
  );
  const leaders = new Set(groups.flatMap(({ leader }) => (leader ? [leader.peer] : [])));
  const isTable = more["as"] === "table";
  const isByRole = more["by"] === "role" || (!more["by"] && peers.length > singleMax);
  const marks = marksOf(peers, leaders);
  const drawn = isByRole ? byRole(marks, visible) : { marks, edges: visible };
  const select = (id: string, isOther: boolean): void => {
    const { selected: before, more: now } = route.value; // the graph keeps this function for a while
    if (isByRole) return amend({ more: { ...now, role: id, by: "node" } });
    if (isOther && before !== "" && id !== before) return amendMore("other", id);
    amend({ selected: id === before ? "" : id, more: { ...now, other: "" } });
  };
  return (
    <Framed
      title="Topology"
      tools={<Tools layers={layers} isTable={isTable} isByRole={isByRole} />}
    >
      <div class={`topology ${selected === "" ? "" : "with-panel"}`}>
        {isTable ? (
          <div class="stack">
            <PeerTable peers={peers} selected={selected} onPick={(id) => select(id, false)} />
            <EdgeTable edges={visible} />
          </div>
        ) : (
          <Graph
            {...drawn}
            roles={rolesIn(snapshot)}
            selected={selected}
            other={more["other"] ?? ""}
            onSelect={select}
          />
        )}
        {selected !== "" && <SidePanel id={selected} other={more["other"] ?? ""} />}
      </div>
    </Framed>
  );
}

function Tools({
  layers,
  isTable,
  isByRole,
}: {
  readonly layers: readonly string[];
  readonly isTable: boolean;
  readonly isByRole: boolean;
}) {
  const { more } = route.value;
  const roles = rolesIn(view.value.snapshot);
  const toggle = (kind: EdgeKind): void => {
    const next = layers.includes(kind) ? layers.filter((each) => each !== kind) : [...layers, kind];
    amendMore("layers", next.filter((each) => each !== "").join(",") || "none", "replace");
  };
  return (
    <>
      <fieldset class="layers">
        <legend class="unseen">Layers</legend>
        {edgeKinds.map((kind) => (
          <label key={kind}>
            <input type="checkbox" checked={layers.includes(kind)} onChange={() => toggle(kind)} />
            <svg class="swatch" viewBox="0 0 22 8" aria-hidden="true">
              <path class={`edge ${kind} calm`} d="M1,4H21" />
            </svg>
            {kindTitles[kind]}
          </label>
        ))}
        <label>
          <input
            type="checkbox"
            checked={more["watchers"] === "1"}
            onChange={(event) =>
              amendMore("watchers", event.currentTarget.checked ? "1" : "", "replace")
            }
          />
          Inspectors
        </label>
        <label>
          <input
            type="checkbox"
            checked={isByRole}
            onChange={() => amendMore("by", isByRole ? "node" : "role", "replace")}
          />
          By role
        </label>
      </fieldset>
      <label class="unseen" for="role-filter">
        Role
      </label>
      <select
        id="role-filter"
        value={more["role"] ?? ""}
        onChange={(event) => amendMore("role", event.currentTarget.value, "replace")}
      >
        <option value="">All roles</option>
        {roles.map((role) => (
          <option key={role} value={role}>
            {role}
          </option>
        ))}
      </select>
      <button
        type="button"
        id="as-table"
        aria-pressed={isTable}
        aria-keyshortcuts="t"
        onClick={() => amendMore("as", isTable ? "" : "table")}
      >
        {isTable ? "Graph" : "Table"}
      </button>
    </>
  );
}
