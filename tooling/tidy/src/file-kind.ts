/** What a file of a package is for, which decides what it may import and do. */
export type FileKind =
  /** Pure decisions: synchronous, deterministic. */
  | "core"
  /** Carries out what a core decides, through ports. */
  | "shell"
  /** Touches the real world. */
  | "adapter"
  /** A suite that implementations of a port are tested with. */
  | "suite"
  /** A list of public names. */
  | "index"
  /** Contract, wire or public handle: at the root of the sources, or in a folder of a feature. */
  | "root"
  | "test"
  /** Outside of the packages: applications, tools, examples, configuration. */
  | "outside";

const coreFolders = ["core", "raft", "machines"];
const adapterFolders = ["system", "libp2p", "memory", "node", "browser", "webrtc"];

/** The kind of a file by its path from the root of the repository. */
export function kindOf(path: string): FileKind {
  if (/\.(test|bench)\.ts$/.test(path)) return "test";
  const [, inner] = /^packages\/[^/]+\/(.*)$/.exec(path) ?? [];
  if (inner === undefined) return "outside";
  if (inner.startsWith("test/")) return "test";
  if (!inner.startsWith("src/")) return "outside";
  const folders = inner.split("/").slice(1, -1);
  if (folders.some((folder) => coreFolders.includes(folder))) return "core";
  if (folders.includes("shell")) return "shell";
  if (folders.some((folder) => adapterFolders.includes(folder))) return "adapter";
  if (folders.includes("conformance")) return "suite";
  return inner === "src/index.ts" ? "index" : "root";
}
