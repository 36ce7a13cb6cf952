import { isBuiltin } from "node:module";
import { gzipSync } from "node:zlib";
import { build, type Plugin } from "vite";

/** What became of an entry that was bundled for browsers, from the sources. */
export interface Bundle {
  /** Imports of what only Node has, each with the file that asks for it. */
  readonly ofNode: readonly string[];
  /** Of all its code, minified and compressed, what is loaded later included; bytes. */
  readonly gzipped: number;
}

const virtual = "\0entry";

/** Bundles all that a module exports, as an application would: an entry, or the path of a file. */
export async function bundle(entry: string): Promise<Bundle> {
  const ofNode = new Set<string>();
  const watch: Plugin = {
    name: "watch",
    enforce: "pre",
    resolveId(source, importer) {
      if (source === virtual) return virtual;
      if (isBuiltin(source))
        ofNode.add(`${source} in ${importer?.replace(/.*node_modules\//, "")}`);
      return undefined;
    },
    load: (id) => (id === virtual ? `export * from ${JSON.stringify(entry)}` : undefined),
  };
  const built = await build({
    root: import.meta.dirname,
    configFile: false,
    logLevel: "error",
    resolve: { conditions: ["mosaik-source", "module", "browser", "import"] },
    plugins: [watch],
    build: {
      write: false,
      target: "es2024",
      rolldownOptions: { input: virtual, preserveEntrySignatures: "strict" },
    },
  });
  if (!("output" in built)) throw new Error("vite built something else");
  const code = built.output.map((part) => (part.type === "chunk" ? part.code : ""));
  return { ofNode: [...ofNode], gzipped: gzipSync(code.join("\n")).byteLength };
}
