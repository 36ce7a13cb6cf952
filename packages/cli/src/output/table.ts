import { printable } from "@mosaik/primitives";
import { cell, type Line, type Span, type Style, widthOf } from "../terminal/text.ts";

/** A column of a table. */
export interface Column<Row> {
  readonly title: string;
  /** What is shown. */
  readonly of: (row: Row) => string;
  /** The same in full, where what is shown is short. */
  readonly full?: (row: Row) => string;
  readonly align?: "left" | "right";
  readonly style?: (row: Row) => Style | undefined;
}

const gap = "  ";
/** No column is cut to less. */
const columnMin = 8;

/** A table's lines: as wide as what is in it, cut where the terminal is narrower. */
export function layOut<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  terminal: number,
): Line[] {
  const texts = rows.map((row) => columns.map(({ of }) => printable(of(row)) || "-"));
  const widths = columns.map(({ title }, at) =>
    texts.reduce((most, row) => Math.max(most, widthOf(row[at] ?? "")), widthOf(title)),
  );
  shrink(widths, terminal - gap.length * (columns.length - 1));
  const lineOf = (cells: readonly string[], style: (at: number) => Style | undefined): Line =>
    cells.flatMap((text, at): Span[] => {
      const look = style(at);
      const span = { text: cell(text, widths[at] ?? 0, columns[at]?.align) };
      return [
        ...(at > 0 ? [{ text: gap }] : []),
        look === undefined ? span : { ...span, style: look },
      ];
    });
  const title = lineOf(
    columns.map((column) => column.title),
    () => "bold",
  );
  return [
    title,
    ...rows.map((row, index) => lineOf(texts[index] ?? [], (at) => columns[at]?.style?.(row))),
  ];
}

/** Takes from the widest column until all fit. */
function shrink(widths: number[], room: number): void {
  let excess = widths.reduce((sum, width) => sum + width, 0) - room;
  while (excess > 0) {
    const widest = Math.max(...widths);
    if (widest <= columnMin) return;
    widths[widths.indexOf(widest)] = widest - 1;
    excess -= 1;
  }
}

/** Facts a line each, their names in front. */
export function factLines(facts: readonly (readonly [name: string, value: string])[]): Line[] {
  const width = Math.max(0, ...facts.map(([name]) => widthOf(name)));
  return facts.map(([name, value]) => [
    { text: cell(name, width), style: "dim" },
    { text: `${gap}${value}` },
  ]);
}
