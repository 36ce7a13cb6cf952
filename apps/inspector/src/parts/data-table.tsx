import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { amendMore, route } from "../shell/route.ts";

/** A column of a table. */
export interface Column<Row> {
  readonly name: string;
  readonly title: string;
  /** What rows are ordered by. */
  readonly by: (row: Row) => string | number;
  readonly cell: (row: Row) => ComponentChildren;
  readonly numeric?: boolean;
}

/** Rows that are shown at first, and more each time. */
const rowsAtOnce = 300;
const collator = new Intl.Collator("en", { numeric: true });

/**
 * A table with headers that order it. The order is part of the address: `name` tells the tables of a
 * screen apart.
 */
export function DataTable<Row>(props: {
  readonly name: string;
  readonly caption: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string;
  readonly isSelected?: (row: Row) => boolean;
  readonly onPick?: (row: Row) => void;
}) {
  const { name, caption, columns, rows, keyOf, isSelected, onPick } = props;
  const shown = useSignal(rowsAtOnce);
  const order = route.value.more[`o-${name}`] ?? "";
  const descends = order.startsWith("-");
  const by = columns.find((column) => column.name === order.replace(/^-/, ""));
  const sorted = by === undefined ? rows : sortedBy(rows, by, descends);
  const [first] = columns;
  const more = (): void => {
    shown.value += rowsAtOnce;
  };
  return (
    <div class="table" role="region" aria-label={caption} tabIndex={0}>
      <table>
        <caption class="unseen">{caption}</caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <Header key={column.name} column={column} table={name} by={by} descends={descends} />
            ))}
          </tr>
        </thead>
        <tbody>
          {sorted.slice(0, shown.value).map((row) => (
            <tr
              key={keyOf(row)}
              aria-selected={isSelected?.(row) ? "true" : undefined}
              onClick={onPick && (() => onPick(row))}
            >
              {columns.map((column) =>
                column === first ? (
                  <th key={column.name} scope="row">
                    {column.cell(row)}
                  </th>
                ) : (
                  <td key={column.name} class={column.numeric ? "number" : undefined}>
                    {column.cell(row)}
                  </td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
      {sorted.length > shown.value && (
        <button type="button" onClick={more}>
          {sorted.length - shown.value} more
        </button>
      )}
    </div>
  );
}

function Header<Row>(props: {
  readonly column: Column<Row>;
  readonly table: string;
  readonly by: Column<Row> | undefined;
  readonly descends: boolean;
}) {
  const { column, table, by, descends } = props;
  const isBy = by?.name === column.name;
  const next = isBy && !descends ? `-${column.name}` : isBy ? "" : column.name;
  return (
    <th
      scope="col"
      class={column.numeric ? "number" : undefined}
      aria-sort={isBy ? (descends ? "descending" : "ascending") : undefined}
    >
      <button type="button" onClick={() => amendMore(`o-${table}`, next, "replace")}>
        {column.title}
        <span aria-hidden="true">{isBy ? (descends ? " ↓" : " ↑") : ""}</span>
      </button>
    </th>
  );
}

function sortedBy<Row>(rows: readonly Row[], { by }: Column<Row>, descends: boolean): Row[] {
  const sign = descends ? -1 : 1;
  return [...rows].sort((a, b) => {
    const [x, y] = [by(a), by(b)];
    const order =
      typeof x === "number" && typeof y === "number"
        ? x - y
        : collator.compare(String(x), String(y));
    return sign * order;
  });
}
