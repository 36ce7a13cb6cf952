import { nameIn } from "../model/identity.ts";
import { view } from "../shell/app.ts";
import type { Column } from "./data-table.tsx";
import { PeerLink } from "./link.tsx";

/** A column of peers in the order of their names: the field of a row that has a peer's id. */
export function peerColumn<Field extends string>(
  name: Field,
  title: string,
): Column<Readonly<Record<Field, string>>> {
  return {
    name,
    title,
    by: (row) => nameIn(view.value.snapshot, row[name]),
    cell: (row) => <PeerLink id={row[name]} snapshot={view.value.snapshot} />,
  };
}
