import type { OptionValues } from "@commander-js/extra-typings";
import type { Host } from "../host.ts";
import { Printer } from "../output/printer.ts";
import type { PrintOptions } from "./common-options.ts";
import { secretFields } from "./secret-options.ts";

/** What of a command is asked here. */
interface Filled {
  opts(): OptionValues;
  getOptionValueSource(key: string): string | undefined;
}

/** Prints every setting that something says, and where it comes from. */
export function showConfig(
  host: Host,
  options: PrintOptions & { readonly sources?: true | undefined },
  command: Filled,
): void {
  const rows = Object.entries(command.opts())
    .filter(([name]) => name !== "sources")
    .map(([name, value]) => ({
      name,
      value: secretFields.includes(name) ? "[secret]" : value,
      source: sourceOf(command.getOptionValueSource(name)),
    }));
  new Printer(host, options).list("settings", rows, [
    { title: "SETTING", of: (row) => row.name },
    { title: "VALUE", of: (row) => String(row.value) },
    ...(options.sources ? [{ title: "SOURCE", of: (row: { source: string }) => row.source }] : []),
  ]);
}

function sourceOf(source: string | undefined): string {
  return source === "cli" ? "command line" : (source ?? "default");
}
