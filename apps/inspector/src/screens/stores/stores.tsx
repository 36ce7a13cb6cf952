import { type Collection, collectionsOf } from "../../model/collections.ts";
import { type Column, DataTable } from "../../parts/data-table.tsx";
import { formatCount } from "../../parts/format.ts";
import { Link } from "../../parts/link.tsx";
import { Empty, Framed } from "../../parts/states.tsx";
import { Said } from "../../parts/text.tsx";
import { view } from "../../shell/app.ts";
import { amend, route } from "../../shell/route.ts";
import { StoreDetail } from "./store-detail.tsx";

const columns: readonly Column<Collection>[] = [
  {
    name: "name",
    title: "Store",
    by: ({ name }) => name,
    cell: ({ id, name }) => (
      <Link screen="stores" to={{ selected: id }}>
        <Said text={name} max={60} />
      </Link>
    ),
  },
  {
    name: "kind",
    title: "Kind",
    by: ({ kind }) => kind,
    cell: ({ kind }) => <Said text={kind} max={20} />,
  },
  {
    name: "size",
    title: "Items",
    numeric: true,
    by: ({ size }) => size,
    cell: ({ size }) => formatCount(size),
  },
  {
    name: "version",
    title: "Version",
    numeric: true,
    by: ({ version }) => version,
    cell: ({ version }) => formatCount(version),
  },
  {
    name: "copies",
    title: "Copies",
    numeric: true,
    by: ({ copies }) => copies.size,
    cell: ({ copies }) => copies.size,
  },
  {
    name: "agree",
    title: "Copies of one version",
    by: ({ diverged }) => (diverged ? 1 : 0),
    cell: ({ diverged }) => (diverged ? <strong class="bad">differ</strong> : "agree"),
  },
];

/** The collections, or one of them. */
export function Stores() {
  const collections = collectionsOf(view.value.snapshot);
  const { selected, query } = route.value;
  const store = collections.find(({ id }) => id === selected);
  if (store !== undefined) return <StoreDetail key={store.id} store={store} />;
  const rows = collections.filter(({ name }) => name.toLowerCase().includes(query.toLowerCase()));
  return (
    <Framed title="Stores">
      {collections.length === 0 ? (
        <Empty title="No stores">
          No node that lets us look has a store open. <code>node.stores.writer(…)</code> opens one.
        </Empty>
      ) : (
        <DataTable
          name="stores"
          caption="Stores"
          columns={columns}
          rows={rows}
          keyOf={({ id }) => id}
          onPick={({ id }) => amend({ selected: id })}
        />
      )}
    </Framed>
  );
}
