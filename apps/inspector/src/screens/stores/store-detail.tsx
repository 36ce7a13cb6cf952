import type { CollectionInsight } from "@mosaik/store";
import { useSignal } from "@preact/signals";
import type { Collection } from "../../model/collections.ts";
import { nameIn } from "../../model/identity.ts";
import { legible } from "../../model/legible.ts";
import { type Column, DataTable } from "../../parts/data-table.tsx";
import { formatCount } from "../../parts/format.ts";
import { Link } from "../../parts/link.tsx";
import { peerColumn } from "../../parts/peer-column.tsx";
import { Framed } from "../../parts/states.tsx";
import { view } from "../../shell/app.ts";
import { Edit } from "./edit.tsx";
import { Items } from "./items.tsx";

type Copy = CollectionInsight & { readonly peer: string };

const columns: readonly Column<Copy>[] = [
  peerColumn("peer", "Copy of"),
  {
    name: "role",
    title: "Part",
    by: ({ role }) => role,
    cell: ({ role, state, online }) =>
      `${state === "running" ? role : state}${online ? "" : ", offline"}`,
  },
  {
    name: "version",
    title: "Version",
    numeric: true,
    by: ({ version }) => version,
    cell: ({ version }) => formatCount(version),
  },
  {
    name: "size",
    title: "Items",
    numeric: true,
    by: ({ size }) => size,
    cell: ({ size }) => formatCount(size),
  },
  {
    name: "lag",
    title: "Behind",
    numeric: true,
    by: ({ lag }) => lag,
    cell: ({ lag }) => formatCount(lag),
  },
  {
    name: "durability",
    title: "Durability",
    by: ({ durability }) => durability,
    cell: ({ durability }) => durability,
  },
  {
    name: "hash",
    title: "Hash",
    by: ({ hash }) => hash,
    cell: ({ hash }) => <code title={legible(hash)}>{legible(hash.slice(0, 12))}</code>,
  },
];

/** One collection: its copies side by side, and what is in it. */
export function StoreDetail({ store }: { readonly store: Collection }) {
  const through = useSignal("");
  const rows = [...store.copies].map(([peer, told]) => ({ peer, ...told }));
  const peers = rows.map(({ peer }) => peer);
  const peer = peers.includes(through.value) ? through.value : (peers[0] ?? "");
  const writer = rows.find(({ role }) => role !== "reader")?.peer ?? "";
  return (
    <Framed
      title={legible(store.name, 60) || "A store"}
      tools={<Link screen="stores">All stores</Link>}
    >
      <DataTable
        name="copies"
        caption="Copies"
        columns={columns}
        rows={rows}
        keyOf={(row) => row.peer}
      />
      <Items
        store={store.id}
        peer={peer}
        picker={
          <label>
            As{" "}
            <select
              value={peer}
              onChange={(event) => {
                through.value = event.currentTarget.value;
              }}
            >
              {peers.map((id) => (
                <option key={id} value={id}>
                  {nameIn(view.value.snapshot, id)}
                </option>
              ))}
            </select>{" "}
            has it
          </label>
        }
      />
      {writer !== "" && <Edit store={store} writer={writer} />}
    </Framed>
  );
}
