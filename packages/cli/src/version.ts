import { createRequire } from "node:module";
import type { Host } from "./host.ts";
import { Printer } from "./output/printer.ts";
import type { PrintOptions } from "./settings/common-options.ts";

/** The version of this package. */
export function ownVersion(): string {
  const { version }: { version: string } = createRequire(import.meta.url)(
    "@mosaik/cli/package.json",
  );
  return version;
}

/** Prints which version runs, on what. */
export function printVersion(host: Host, options: PrintOptions): void {
  const facts = { mosaik: ownVersion(), node: process.versions.node, platform: platform() };
  new Printer(host, options, "value").one(
    facts,
    () => [[{ text: `mosaik ${facts.mosaik}, Node.js ${facts.node}, ${facts.platform}` }]],
    facts.mosaik,
  );
}

function platform(): string {
  return `${process.platform}-${process.arch}`;
}
