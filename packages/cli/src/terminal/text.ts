import { printable } from "@mosaik/primitives";

/** A piece of a line, and how it looks. */
export interface Span {
  readonly text: string;
  readonly style?: Style;
}

/** A line of the screen. */
export type Line = readonly Span[];

/** How text can look. The plain colours of the terminal's own palette. */
export type Style = "bold" | "dim" | "red" | "green" | "yellow" | "blue" | "cyan" | "selected";

const codes: Readonly<Record<Style, number>> = {
  bold: 1,
  dim: 2,
  red: 31,
  green: 32,
  yellow: 33,
  blue: 34,
  cyan: 36,
  selected: 7,
};

const wide =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u;
const zeroWidth = /\p{Mn}|\p{Me}/u;

/** Columns that a text takes. */
export function widthOf(text: string): number {
  let width = 0;
  for (const letter of text) width += wide.test(letter) ? 2 : zeroWidth.test(letter) ? 0 : 1;
  return width;
}

/** A text of exactly so many columns: cut with an ellipsis, or filled with spaces. */
export function cell(text: string, columns: number, align: "left" | "right" = "left"): string {
  const clean = printable(text);
  const width = widthOf(clean);
  if (width > columns) return cut(clean, columns);
  const fill = " ".repeat(columns - width);
  return align === "left" ? clean + fill : fill + clean;
}

/** A line as text for a terminal, at most so many columns wide. */
export function paint(line: Line, columns: number, color: boolean): string {
  let left = columns;
  let painted = "";
  for (const { text, style } of line) {
    const clean = printable(text);
    const shown = widthOf(clean) > left ? cut(clean, left) : clean;
    left -= widthOf(shown);
    const plain = style === undefined || !color;
    painted += plain ? shown : `\u001b[${codes[style]}m${shown}\u001b[0m`;
    if (left <= 0) break;
  }
  return painted;
}

function cut(text: string, columns: number): string {
  if (columns <= 0) return "";
  let kept = "";
  for (const letter of text) {
    if (widthOf(kept + letter) > columns - 1) break;
    kept += letter;
  }
  return `${kept}…`.padEnd(kept.length + columns - widthOf(kept));
}
