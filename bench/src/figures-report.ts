import type { Outcome } from "./run-cases.ts";

/** How the outcomes of a bench of ours alone are printed. */
export function figuresReport(bench: string) {
  return {
    tableTitle: "case                   figures",
    tableLine({ case: name, figures }: Outcome): string {
      const told = Object.entries(figures).map(([figure, value]) => `${figure} ${value}`);
      return `${name.padEnd(23)}${told.join(", ")}`;
    },
    jsonLine({ case: name, figures }: Outcome): string {
      return JSON.stringify({ bench, case: name, ...figures });
    },
  };
}
