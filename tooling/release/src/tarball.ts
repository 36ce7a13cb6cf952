import { join } from "node:path";
import { pnpm, run } from "./run.ts";
import type { Published } from "./workspace.ts";

/** A package as it would be published. */
export interface Tarball {
  readonly name: string;
  readonly file: string;
  /** The paths of its files, without the leading `package/`. */
  readonly paths: readonly string[];
  /** The text of its package.json. */
  readonly manifest: string;
}

/** Packs a built package into a folder. */
export async function pack(published: Published, folder: string): Promise<Tarball> {
  const printed = await pnpm(["pack", "--json", "--pack-destination", folder], {
    cwd: published.folder,
  });
  const { filename }: { filename: string } = JSON.parse(printed.slice(printed.indexOf("{")));
  const file = join(folder, filename.slice(filename.lastIndexOf("/") + 1));
  const list = await run("tar", ["-tzf", file]);
  const paths = list
    .trim()
    .split("\n")
    .map((path) => path.replace(/^package\//, ""));
  const manifest = await run("tar", ["-xOzf", file, "package/package.json"]);
  return { name: published.name, file, paths, manifest };
}
