import { gzipSync } from "node:zlib";
import { build, type Rolldown } from "vite";

/** A page as it was built: what it loads before anything is shown, and what only some screens need. */
export interface FirstLoad {
  /** Each file by itself, compressed, together; bytes. */
  readonly gzipped: number;
  /** The files that are loaded later, and the modules that they begin with. */
  readonly later: readonly string[];
}

/**
 * Builds a page by its own configuration. What `isLater` says of a module that is imported when it is
 * needed is not part of the first load; all other imports are.
 */
export async function firstLoad(
  configFile: string,
  isLater: (module: string) => boolean,
): Promise<FirstLoad> {
  const built = await build({ configFile, logLevel: "error", build: { write: false } });
  if (!("output" in built)) throw new Error("vite built something else");
  const files = new Map(built.output.map((file) => [file.fileName, file]));
  const later = built.output.flatMap((file) =>
    file.type === "chunk" && isLater(file.facadeModuleId ?? "") ? [file] : [],
  );
  const laterNames = new Set(later.map(({ fileName }) => fileName));
  const loaded = new Set<string>();
  const load = (name: string): void => {
    const file = files.get(name);
    if (file === undefined || loaded.has(name) || laterNames.has(name)) return;
    loaded.add(name);
    if (file.type !== "chunk") return;
    for (const each of [...file.imports, ...file.dynamicImports, ...stylesOf(file)]) load(each);
  };
  for (const file of built.output) if (isBeginning(file)) load(file.fileName);
  const weights = [...loaded].map((name) => gzipSync(contentOf(files.get(name))).byteLength);
  return {
    gzipped: weights.reduce((sum, weight) => sum + weight, 0),
    later: later.map(({ facadeModuleId }) => facadeModuleId ?? ""),
  };
}

type File = Rolldown.OutputChunk | Rolldown.OutputAsset;

function isBeginning(file: File): boolean {
  return file.type === "chunk" ? file.isEntry : file.fileName.endsWith(".html");
}

function stylesOf(chunk: Rolldown.OutputChunk): readonly string[] {
  return [...(chunk.viteMetadata?.importedCss ?? [])];
}

function contentOf(file: File | undefined): string | Uint8Array {
  return file === undefined ? "" : file.type === "chunk" ? file.code : file.source;
}
