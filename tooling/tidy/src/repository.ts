import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import ts from "typescript";
import { type FileKind, kindOf } from "./file-kind.ts";

const run = promisify(execFile);

/** An `import` or `export … from`, static or dynamic. */
export interface ImportLine {
  readonly specifier: string;
  readonly line: number;
  /** Whether it is gone at run time. */
  readonly typeOnly: boolean;
  /** What it takes by name, `*` for everything. */
  readonly names: readonly string[];
}

/** A parsed TypeScript file. */
export interface SourceModule {
  /** Its path from the root of the repository. */
  readonly path: string;
  readonly kind: FileKind;
  /** The folder of its package, where it is in one. */
  readonly folder: string | undefined;
  readonly ast: ts.SourceFile;
  readonly imports: readonly ImportLine[];
}

/** What a package.json says, as far as the rules ask. */
export interface Manifest {
  readonly [field: string]: unknown;
  readonly name: string;
  readonly private?: boolean;
  readonly exports?: Readonly<Record<string, unknown>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

/** A package of the workspace. */
export interface PackageFolder {
  /** Its path from the root of the repository: `packages/streams`. */
  readonly folder: string;
  readonly manifest: Manifest;
}

/** The files of a repository, and what they mean. */
export interface Repository {
  /** Texts by path from the root. */
  readonly files: ReadonlyMap<string, string>;
  readonly modules: ReadonlyMap<string, SourceModule>;
  /** Packages by name. */
  readonly packages: ReadonlyMap<string, PackageFolder>;
}

/** Reads the files that git knows or would take, without what is generated. */
export async function readRepository(root: string): Promise<Repository> {
  const args = ["ls-files", "--cached", "--others", "--exclude-standard"];
  const { stdout } = await run("git", args, { cwd: root, maxBuffer: 2 ** 26 });
  const texts = new Map<string, string>();
  for (const path of stdout.split("\n").sort()) {
    if (path === "" || path === "pnpm-lock.yaml" || /\.(png|svg|ico|woff2)$/.test(path)) continue;
    const text = await readFile(join(root, path), "utf8").catch(() => undefined); // deleted by now
    if (text !== undefined) texts.set(path, text);
  }
  return parseRepository(texts);
}

/** Parses a repository from its texts by path. */
export function parseRepository(files: ReadonlyMap<string, string>): Repository {
  const packages = new Map<string, PackageFolder>();
  for (const [path, text] of files) {
    if (!/^[^/]+(\/[^/]+)?\/package\.json$/.test(path)) continue;
    const manifest: Manifest = JSON.parse(text);
    packages.set(manifest.name, { folder: path.slice(0, -"/package.json".length), manifest });
  }
  const folders = [...packages.values()].map(({ folder }) => folder);
  const modules = new Map<string, SourceModule>();
  for (const [path, text] of files) {
    if (!/\.[cm]?tsx?$/.test(path)) continue;
    const ast = ts.createSourceFile(path, text, ts.ScriptTarget.ESNext, true);
    const folder = folders.find((candidate) => path.startsWith(`${candidate}/`));
    modules.set(path, { path, kind: kindOf(path), folder, ast, imports: importsOf(ast) });
  }
  return { files, modules, packages };
}

/** The line of a node, from 1. */
export function lineOf(ast: ts.SourceFile, node: ts.Node): number {
  return ast.getLineAndCharacterOfPosition(node.getStart(ast)).line + 1;
}

/** Calls a function for a node and all nodes within it. */
export function visit(node: ts.Node, see: (node: ts.Node) => void): void {
  see(node);
  ts.forEachChild(node, (child) => visit(child, see));
}

function importsOf(ast: ts.SourceFile): ImportLine[] {
  const found: ImportLine[] = [];
  visit(ast, (node) => {
    const line = lineOf(ast, node);
    if (ts.isImportDeclaration(node)) {
      const { typeOnly, names } = clauseOf(node.importClause);
      found.push({ specifier: textOf(node.moduleSpecifier), line, typeOnly, names });
    } else if (ts.isExportDeclaration(node) && node.moduleSpecifier !== undefined) {
      const { exportClause, isTypeOnly } = node;
      const elements =
        exportClause !== undefined && ts.isNamedExports(exportClause) ? exportClause.elements : [];
      const names = elements.map(({ propertyName, name }) => (propertyName ?? name).text);
      const typeOnly =
        isTypeOnly || (names.length > 0 && elements.every((each) => each.isTypeOnly));
      const specifier = textOf(node.moduleSpecifier);
      found.push({ specifier, line, typeOnly, names: names.length > 0 ? names : ["*"] });
    } else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      const [argument] = node.arguments;
      const specifier = argument === undefined ? "" : textOf(argument);
      found.push({ specifier, line, typeOnly: false, names: ["*"] });
    } else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
      const specifier = textOf(node.argument.literal);
      found.push({ specifier, line, typeOnly: true, names: ["*"] });
    }
  });
  return found;
}

function clauseOf(clause: ts.ImportClause | undefined): Pick<ImportLine, "typeOnly" | "names"> {
  if (clause === undefined) return { typeOnly: false, names: [] };
  const { namedBindings, name } = clause;
  const typeOnlyClause = clause.phaseModifier === ts.SyntaxKind.TypeKeyword;
  if (namedBindings === undefined || !ts.isNamedImports(namedBindings)) {
    return { typeOnly: typeOnlyClause, names: [namedBindings === undefined ? "default" : "*"] };
  }
  const values = namedBindings.elements.filter((element) => !element.isTypeOnly);
  const names = values.map((element) => (element.propertyName ?? element.name).text);
  if (name !== undefined) names.push("default");
  return { typeOnly: typeOnlyClause || names.length === 0, names };
}

function textOf(node: ts.Node): string {
  return ts.isStringLiteralLike(node) ? node.text : "";
}
