import { packageOf } from "./arrows.ts";
import type { ImportLine, Repository, SourceModule } from "./repository.ts";
import type { Rule, Violation } from "./violation.ts";

const rule = "kind-arrows";

/** Files import only from the kinds of file below them. */
export const kindArrows: Rule = (repository) => {
  const found: Violation[] = [];
  for (const module of repository.modules.values()) {
    for (const line of module.imports) {
      const reason = whyNot(repository, module, line);
      if (reason !== undefined) found.push({ rule, file: module.path, line: line.line, ...reason });
    }
  }
  return found;
};

type Reason = Pick<Violation, "what" | "mend">;

function whyNot(
  repository: Repository,
  module: SourceModule,
  line: ImportLine,
): Reason | undefined {
  const { specifier } = line;
  if (isLibp2p(specifier) && inPackages(module) && !isLibp2pFolder(module.path)) {
    if (module.kind !== "test") {
      return {
        what: `'${specifier}' is of libp2p`,
        mend: "only packages/transport/src/libp2p/ knows libp2p: go through the transport port",
      };
    }
  }
  if (module.kind === "core") return whyNotInCore(repository, module, line);
  if (module.kind === "shell" && specifier.startsWith("node:")) {
    return {
      what: `a shell imports '${specifier}'`,
      mend: "ask for a port and pass an adapter in",
    };
  }
  const target = targetOf(repository, module, specifier);
  if (!(target?.kind === "adapter" && isBelow(module)) && !isForeignAdapter(module, specifier)) {
    return undefined;
  }
  return {
    what: `'${specifier}' is an adapter`,
    mend: "take the port as a parameter; the subpath's index and applications choose adapters",
  };
}

/** Whether an import is an adapter of another package, where the module may not choose one. */
function isForeignAdapter({ kind, path }: SourceModule, specifier: string): boolean {
  if (!/^@mosaik\/[a-z]+\/(system|libp2p|memory|node|browser|webrtc)$/.test(specifier))
    return false;
  if (kind === "shell") return true;
  if (kind !== "root" && kind !== "index") return false;
  // A public factory may fall back on the platform; only the umbrella and the cli choose the rest.
  return !specifier.endsWith("/system") && !/^packages\/(mosaik|cli)\//.test(path);
}

/** Whether a module must not know the adapters of its package: all but adapters, tests, subpaths. */
function isBelow(module: SourceModule): boolean {
  if (module.kind === "shell" || module.kind === "index") return true;
  return module.kind === "root" && !reexportsOnly(module);
}

function reexportsOnly({ ast }: SourceModule): boolean {
  return ast.statements.every((statement) => statement.getText(ast).startsWith("export "));
}

function whyNotInCore(
  repository: Repository,
  module: SourceModule,
  line: ImportLine,
): Reason | undefined {
  const { specifier, typeOnly } = line;
  if (specifier.startsWith(".")) {
    const target = targetOf(repository, module, specifier);
    if (target === undefined || target.kind === "core" || typeOnly) return undefined;
    if (target.kind === "root" && !touchesTheWorld(repository, target)) return undefined;
    return {
      what: `a core imports '${specifier}', which is of kind ${target.kind}`,
      mend: "a core imports cores, contracts and wire only: turn the need into an input or effect",
    };
  }
  const name = packageOf(specifier);
  const used = name === undefined ? undefined : repository.packages.get(name);
  if (used !== undefined && name === specifier) {
    if (typeOnly || name === "@mosaik/primitives") return undefined;
    const index = repository.modules.get(`${used.folder}/src/index.ts`);
    const impure = line.names.find((each) => originKind(repository, index, each) !== "core");
    if (impure === undefined) return undefined;
    return {
      what: `a core imports '${impure}' of ${name}, which is none of its cores`,
      mend: "import its types, or what its core exports",
    };
  }
  return {
    what: `a core imports '${specifier}'`,
    mend: "a core stands on the main entry of @mosaik/primitives and on other cores",
  };
}

/** Whether a contract is none: it imports a shell, an adapter or a part of Node. */
function touchesTheWorld(repository: Repository, module: SourceModule): boolean {
  return module.imports.some(({ specifier, typeOnly }) => {
    if (typeOnly) return false;
    const kind = targetOf(repository, module, specifier)?.kind;
    return specifier.startsWith("node:") || kind === "shell" || kind === "adapter";
  });
}

/** The kind of the file that an index takes a name from. */
function originKind(
  repository: Repository,
  index: SourceModule | undefined,
  name: string,
): SourceModule["kind"] | undefined {
  const from = index?.imports.find(({ names }) => names.includes(name));
  return index && from && targetOf(repository, index, from.specifier)?.kind;
}

/** The module of this repository that an import of a file leads to. */
function targetOf(
  repository: Repository,
  module: SourceModule,
  specifier: string,
): SourceModule | undefined {
  if (!specifier.startsWith(".")) return undefined;
  const path = new URL(specifier, `file:///${module.path}`).pathname.slice(1);
  return repository.modules.get(path);
}

function isLibp2p(specifier: string): boolean {
  return /^(libp2p$|@libp2p\/|@chainsafe\/libp2p|@multiformats\/)/.test(specifier);
}

function isLibp2pFolder(path: string): boolean {
  return /^packages\/transport\/src\/(libp2p|webrtc)\//.test(path);
}

function inPackages({ path }: SourceModule): boolean {
  return path.startsWith("packages/");
}
