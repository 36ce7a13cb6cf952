import type { Host } from "./host.ts";
import { Printer } from "./output/printer.ts";
import type { PrintOptions } from "./settings/common-options.ts";
import { version } from "./version.ts";

/** Prints which version runs, on what. */
export function printVersion(host: Host, options: PrintOptions): void {
  const facts = { mosaik: version, node: process.versions.node, platform: platform() };
  new Printer(host, options, "value").one(
    facts,
    () => [[{ text: `mosaik ${facts.mosaik}, Node.js ${facts.node}, ${facts.platform}` }]],
    facts.mosaik,
  );
}

function platform(): string {
  return `${process.platform}-${process.arch}`;
}
