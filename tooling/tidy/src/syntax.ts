import ts from "typescript";
import { lineOf, visit } from "./repository.ts";
import type { Rule, Violation } from "./violation.ts";

// Sources are read whole; a file of tests is a list, read by the entry.
const sourceLinesMax = 300;
const testLinesMax = 400;
const badStems = ["utils", "helpers", "common", "misc", "types", "manager", "base", "impl"];
const defaultAllowed = /(\.config\.ts|vitest\.shared\.ts|scripts\/count-reporter\.ts)$/;

/** Nothing is exported by default: every name is the same everywhere. */
export const noDefaultExports: Rule = ({ modules }) => {
  const found: Violation[] = [];
  const mend = "export it by name";
  for (const { path, ast } of modules.values()) {
    if (defaultAllowed.test(path)) continue;
    for (const node of ast.statements) {
      const isDefault =
        ts.isExportAssignment(node) ||
        (ts.canHaveModifiers(node) &&
          ts.getModifiers(node)?.some(({ kind }) => kind === ts.SyntaxKind.DefaultKeyword));
      if (!isDefault) continue;
      const what = "a default export";
      found.push({ rule: "no-default-exports", file: path, line: lineOf(ast, node), what, mend });
    }
  }
  return found;
};

/** No `any` without a reason above it: it switches the compiler off without a word. */
export const noAny: Rule = ({ modules }) => {
  const found: Violation[] = [];
  const mend = "use the type, `unknown`, or a parameter of the type";
  for (const { path, ast } of modules.values()) {
    visit(ast, (node) => {
      if (node.kind !== ts.SyntaxKind.AnyKeyword) return;
      const line = lineOf(ast, node);
      const [above = ""] = ast.text.split("\n").slice(line - 2);
      if (/biome-ignore lint\/suspicious\/noExplicitAny: \S/.test(above)) return;
      found.push({ rule: "no-any", file: path, line, what: "an `any`", mend });
    });
  }
  return found;
};

/** Files are named in kebab-case, after what is in them. */
export const fileNames: Rule = ({ modules }) => {
  const found: Violation[] = [];
  for (const path of modules.keys()) {
    const name = path.slice(path.lastIndexOf("/") + 1);
    const [stem = ""] = name.split(".");
    const place = { rule: "file-names", file: path, line: 1 };
    if (!/^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+)*\.[cm]?tsx?$/.test(name)) {
      found.push({ ...place, what: `'${name}' is not kebab-case`, mend: "rename it like-this.ts" });
    } else if (badStems.includes(stem)) {
      const what = `'${stem}' says nothing about what is in the file`;
      found.push({ ...place, what, mend: "name it after its one main export" });
    }
  }
  return found;
};

/** Files are short enough to be read at once. */
export const fileLength: Rule = ({ files, modules }) => {
  const found: Violation[] = [];
  for (const { path, kind } of modules.values()) {
    const lines = (files.get(path) ?? "").trimEnd().split("\n").length;
    const linesMax = kind === "test" ? testLinesMax : sourceLinesMax;
    if (lines <= linesMax) continue;
    const what = `${lines} lines; ${linesMax} are allowed`;
    const mend = "find the part that deserves a file of its own";
    found.push({ rule: "file-length", file: path, line: linesMax + 1, what, mend });
  }
  return found;
};
