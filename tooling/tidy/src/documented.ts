import ts from "typescript";
import { lineOf, type PackageFolder, type Repository, type SourceModule } from "./repository.ts";
import type { Rule, Violation } from "./violation.ts";

const rule = "documented";
const mend = "say in a doc comment what it does: units, limits, order, codes that it throws";

/** Whatever a package exports has a doc comment where it is declared. */
export const documented: Rule = (repository) => {
  const found = new Map<string, Violation>();
  for (const own of repository.packages.values()) {
    if (!own.folder.startsWith("packages/")) continue;
    for (const entry of entriesOf(repository, own)) {
      for (const violation of checkExports(repository, entry, undefined, new Set())) {
        found.set(`${violation.file}:${violation.line}`, violation);
      }
    }
  }
  return [...found.values()];
};

/** The modules that a package's exports lead to in its sources. */
function entriesOf(repository: Repository, { folder, manifest }: PackageFolder): SourceModule[] {
  const paths = JSON.stringify(manifest.exports ?? {}).match(/"\.\/src\/[^"]+\.ts"/g) ?? [];
  return paths.flatMap((quoted) => {
    const module = repository.modules.get(`${folder}/${quoted.slice(3, -1)}`);
    return module === undefined ? [] : [module];
  });
}

/** The exported declarations of a module, of the given names only, that have no doc comment. */
function checkExports(
  repository: Repository,
  module: SourceModule,
  names: ReadonlySet<string> | undefined,
  seen: Set<string>,
): Violation[] {
  const key = `${module.path} ${names === undefined ? "*" : [...names].join()}`;
  if (seen.has(key)) return [];
  seen.add(key);
  const found: Violation[] = [];
  for (const statement of module.ast.statements) {
    if (ts.isExportDeclaration(statement)) {
      found.push(...followExport(repository, module, statement, names, seen));
    } else if (isExported(statement)) {
      const declared = namesOf(statement).filter((name) => names === undefined || names.has(name));
      if (declared.length === 0 || hasDocComment(module.ast, statement)) continue;
      if (isLaterOverload(module.ast, statement)) continue;
      const line = lineOf(module.ast, statement);
      const what = `'${declared.join("', '")}' is exported and not documented`;
      found.push({ rule, file: module.path, line, what, mend });
    }
  }
  return found;
}

function followExport(
  repository: Repository,
  module: SourceModule,
  { exportClause, moduleSpecifier }: ts.ExportDeclaration,
  names: ReadonlySet<string> | undefined,
  seen: Set<string>,
): Violation[] {
  if (moduleSpecifier === undefined || !ts.isStringLiteral(moduleSpecifier)) return [];
  if (!moduleSpecifier.text.startsWith(".")) return []; // another package's, checked there
  const path = new URL(moduleSpecifier.text, `file:///${module.path}`).pathname.slice(1);
  const target = repository.modules.get(path);
  if (target === undefined) return [];
  if (exportClause === undefined) return checkExports(repository, target, names, seen);
  if (!ts.isNamedExports(exportClause)) return checkExports(repository, target, undefined, seen);
  const wanted = exportClause.elements.filter(({ name }) => names?.has(name.text) ?? true);
  const taken = new Set(wanted.map(({ propertyName, name }) => (propertyName ?? name).text));
  return checkExports(repository, target, taken, seen);
}

function isExported(statement: ts.Statement): boolean {
  if (!ts.canHaveModifiers(statement)) return false;
  return (
    ts.getModifiers(statement)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) ?? false
  );
}

function namesOf(statement: ts.Statement): string[] {
  if (ts.isVariableStatement(statement)) {
    return statement.declarationList.declarations.map(({ name }) => name.getText());
  }
  const { name } = statement as { name?: ts.Identifier }; // functions, classes, types have one
  return name === undefined ? [] : [name.text];
}

function hasDocComment(ast: ts.SourceFile, statement: ts.Statement): boolean {
  const comments = ts.getLeadingCommentRanges(ast.text, statement.getFullStart()) ?? [];
  return comments.some(({ pos }) => ast.text.startsWith("/**", pos));
}

/** Whether a function's first signature stands before it, with the comment. */
function isLaterOverload(ast: ts.SourceFile, statement: ts.Statement): boolean {
  if (!ts.isFunctionDeclaration(statement)) return false;
  const first = ast.statements.find(
    (other) => ts.isFunctionDeclaration(other) && other.name?.text === statement.name?.text,
  );
  return first !== statement;
}
