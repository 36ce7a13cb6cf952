import { CliError } from "../errors.ts";
import type { Host } from "../host.ts";
import { Printer } from "../output/printer.ts";
import type { PrintOptions } from "../settings/common-options.ts";
import { pageOf, pages } from "./pages.ts";

/** Prints the page of a code, or the list of all. */
export function explain(host: Host, code: string | undefined, options: PrintOptions): void {
  const printer = new Printer(host, options, "table");
  if (code === undefined) {
    const rows = [...pages].map(([name, page]) => ({ code: name, ...page })).sort(byCode);
    return printer.list("codes", rows, [
      { title: "CODE", of: (row) => row.code },
      { title: "MEANING", of: (row) => row.meaning },
    ]);
  }
  const page = pageOf(code.toUpperCase());
  if (page === undefined) {
    throw new CliError("CLI_NOT_FOUND", `no code is named '${code}'`, { hint: "mosaik explain" });
  }
  const facts = { code: code.toUpperCase(), ...page };
  printer.one(facts, () => [
    [{ text: facts.code, style: "bold" }],
    [{ text: page.meaning }],
    [{ text: `try: ${page.hint}` }],
  ]);
}

function byCode(a: { readonly code: string }, b: { readonly code: string }): number {
  return a.code < b.code ? -1 : 1;
}
