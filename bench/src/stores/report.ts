import type { Outcome } from "./bench.ts";

/** The head of the table. */
export const tableTitle = "case                   figures";

/** An outcome as a line of the table. */
export function tableLine({ case: name, figures }: Outcome): string {
  const told = Object.entries(figures).map(([figure, value]) => `${figure} ${value}`);
  return `${name.padEnd(23)}${told.join(", ")}`;
}

/** An outcome as one line of JSON. */
export function jsonLine({ case: name, figures }: Outcome): string {
  return JSON.stringify({ bench: "stores", case: name, ...figures });
}
