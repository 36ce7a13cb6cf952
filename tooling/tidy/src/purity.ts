import ts from "typescript";
import { lineOf, type SourceModule, visit } from "./repository.ts";
import type { Rule, Violation } from "./violation.ts";

const coreMend = "make it an input of the core, or an effect that the shell performs";
const portMend = "ask the Clock or Random port; only adapters touch the real ones";

const impureNames = new Set([
  ...["Promise", "Date", "performance", "crypto", "process", "console", "globalThis", "fetch"],
  ...["setTimeout", "setInterval", "setImmediate", "queueMicrotask", "structuredClone"],
]);
const realTimeCalls = new Set([
  ...["setTimeout", "setInterval", "setImmediate", "Date.now", "performance.now"],
  ...["AbortSignal.timeout", "Math.random"],
]);

/** Cores are synchronous and deterministic: they name nothing that waits, varies or acts. */
export const pureCores: Rule = ({ modules }) => {
  const found: Violation[] = [];
  for (const module of modules.values()) {
    if (module.kind !== "core") continue;
    const report = reporter("pure-cores", module, coreMend, found);
    visit(module.ast, (node) => {
      if (node.kind === ts.SyntaxKind.AsyncKeyword) report(node, "async");
      else if (ts.isAwaitExpression(node)) report(node, "await");
      else if (ts.isForOfStatement(node) && node.awaitModifier) report(node, "for await");
      else if (ts.isIdentifier(node) && impureNames.has(node.text) && isReference(node)) {
        report(node, node.text);
      } else if (isCallOf(node, "Math.random")) report(node, "Math.random");
    });
  }
  return found;
};

/** Files that are adapters by what they do, with the reason. */
const adapters: Readonly<Record<string, string>> = {
  "packages/testing/src/turn.ts": "virtual time moves between real turns of the event loop",
};

/** Real time and randomness come in through ports: only adapters name the real ones. */
export const portedTime: Rule = ({ modules }) => {
  const found: Violation[] = [];
  for (const module of modules.values()) {
    if (!["shell", "root", "index"].includes(module.kind)) continue;
    if (module.path.startsWith("packages/cli/")) continue; // a program, not a library
    if (adapters[module.path] !== undefined) continue;
    const report = reporter("ported-time", module, portMend, found);
    visit(module.ast, (node) => {
      for (const name of realTimeCalls) if (isCallOf(node, name)) report(node, name);
      if (ts.isNewExpression(node) && node.expression.getText() === "Date") {
        if ((node.arguments ?? []).length === 0) report(node, "new Date()");
      }
    });
  }
  return found;
};

function reporter(
  rule: string,
  { path, ast }: SourceModule,
  mend: string,
  found: Violation[],
): (node: ts.Node, name: string) => void {
  return (node, name) => {
    found.push({ rule, file: path, line: lineOf(ast, node), what: `'${name}' is used`, mend });
  };
}

/** Whether an identifier stands for a value or type, and is not the name of a property. */
function isReference(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.name !== node;
  if (ts.isQualifiedName(parent)) return parent.right !== node;
  const named =
    ts.isPropertyAssignment(parent) ||
    ts.isPropertySignature(parent) ||
    ts.isPropertyDeclaration(parent) ||
    ts.isMethodDeclaration(parent) ||
    ts.isMethodSignature(parent) ||
    ts.isAccessor(parent);
  return !(named && parent.name === node);
}

function isCallOf(node: ts.Node, name: string): boolean {
  if (!ts.isIdentifier(node) && !ts.isPropertyAccessExpression(node)) return false;
  if (node.getText() !== name) return false;
  return ts.isPropertyAccessExpression(node) || isReference(node);
}
