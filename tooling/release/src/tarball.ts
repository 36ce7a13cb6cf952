import { pnpm, run } from "./run.ts";

/** A package as it would be published. */
export interface Tarball {
  readonly name: string;
  readonly file: string;
  /** The paths of its files, without the leading `package/`. */
  readonly paths: readonly string[];
  /** The text of its package.json. */
  readonly manifest: string;
}

interface Packed {
  readonly name: string;
  readonly filename: string;
}

/** Packs all packages that are published, built before, into a folder. */
export async function packAll(folder: string): Promise<Tarball[]> {
  const into = ["--json", "--pack-destination", folder];
  const printed = await pnpm(["--recursive", "--filter=./packages/*", "pack", ...into]);
  const packed: readonly Packed[] = JSON.parse(printed.slice(printed.indexOf("[")));
  return Promise.all(packed.map(({ name, filename }) => read(name, filename)));
}

async function read(name: string, file: string): Promise<Tarball> {
  const list = await run("tar", ["-tzf", file]);
  const paths = list
    .trim()
    .split("\n")
    .map((path) => path.replace(/^package\//, ""));
  const manifest = await run("tar", ["-xOzf", file, "package/package.json"]);
  return { name, file, paths, manifest };
}
