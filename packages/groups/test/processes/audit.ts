import {
  checkLinearizable,
  type Operation,
  type RegisterInput,
  registerModel,
} from "@mosaik/testing";
import type { Act } from "./history.ts";
import { type Book, Registers } from "./ledger.ts";

/** How many operations of which kind there were. */
export interface Tally {
  readonly operations: number;
  readonly acknowledged: number;
  readonly refused: number;
  readonly unknown: number;
  /** Of those unknown: changes that turned out to be carried out. */
  readonly unknownApplied: number;
  readonly keys: number;
}

/** What an audit found: each violation in words. */
export interface Audit {
  readonly tally: Tally;
  readonly lost: number;
  readonly appliedTwice: number;
  readonly violations: readonly string[];
}

/**
 * Holds what clients were told against what the members hold in the end.
 *
 * 1. All members applied the same operations in the same order, each at most once.
 * 2. Every acknowledged change is among them, none that was refused, and none that nobody made.
 * 3. Carried out in that order by a single machine, the changes answer what clients were told.
 * 4. A change that was called after another had returned comes after it.
 * 5. The history of each register, strong reads included, is linearizable; this is found from what
 *    clients saw alone.
 */
export function audit(history: readonly Act[], books: readonly Book[]): Audit {
  const [book = { operations: [], registers: [] }, ...others] = books;
  const violations: string[] = [];
  const text = JSON.stringify(book);
  for (const other of others) {
    if (JSON.stringify(other) !== text) violations.push("members hold different states");
  }
  const changes = new Map<number, Act>();
  for (const act of history) if (act.input.kind !== "read") changes.set(act.operation, act);
  const applied = new Set(book.operations);
  const appliedTwice = book.operations.length - applied.size;
  if (appliedTwice > 0) violations.push(`${appliedTwice} operations were applied twice`);
  let lost = 0;
  for (const { operation, outcome } of changes.values()) {
    if (outcome.kind === "acknowledged" && !applied.has(operation)) lost++;
    if (outcome.kind === "refused" && applied.has(operation)) {
      violations.push(`operation ${operation} was refused and carried out`);
    }
  }
  if (lost > 0) violations.push(`${lost} acknowledged operations are lost`);
  violations.push(...replayed(book, changes), ...outOfOrder(book, changes), ...ofEachKey(history));
  return { tally: tallyOf(history, applied), lost, appliedTwice, violations };
}

function replayed({ operations, registers }: Book, changes: ReadonlyMap<number, Act>): string[] {
  const machine = new Registers();
  for (const operation of operations) {
    const act = changes.get(operation);
    if (act === undefined || act.input.kind === "read") return [`nobody made ${operation}`];
    const { key, input, outcome } = act;
    const expected = input.kind === "swap" ? input.expected : 0;
    const before = machine.apply({
      operation,
      key,
      kind: input.kind,
      expected,
      value: input.value,
    });
    if (outcome.kind === "acknowledged" && outcome.value !== before) {
      return [`operation ${operation} answered ${outcome.value} where ${before} was right`];
    }
  }
  const isSame = JSON.stringify(machine.book.registers) === JSON.stringify(registers);
  return isSame ? [] : ["the registers are not what the operations make of them"];
}

function outOfOrder({ operations }: Book, changes: ReadonlyMap<number, Act>): string[] {
  let latest = 0;
  for (const operation of operations) {
    const { calledAt = 0, outcome } = changes.get(operation) ?? {};
    if (outcome?.kind === "acknowledged" && outcome.returnedAt < latest) {
      return [`operation ${operation} comes after one that was called when it had returned`];
    }
    latest = Math.max(latest, calledAt);
  }
  return [];
}

function ofEachKey(history: readonly Act[]): string[] {
  const ofKey = new Map<number, Operation<RegisterInput, number | undefined>[]>();
  for (const act of history) {
    const seen = asSeen(act);
    if (seen === undefined) continue;
    const list = ofKey.get(act.key);
    if (list) list.push(seen);
    else ofKey.set(act.key, [seen]);
  }
  const violations: string[] = [];
  for (const [key, operations] of ofKey) {
    const { state } = checkLinearizable(registerModel(0), operations);
    if (state !== "linearizable") violations.push(`the history of register ${key} is ${state}`);
  }
  return violations;
}

/** What is refused did not happen; a read without an answer says nothing. */
function asSeen(act: Act): Operation<RegisterInput, number | undefined> | undefined {
  const { client, input, calledAt, outcome } = act;
  if (outcome.kind === "acknowledged") {
    const { returnedAt, value } = outcome;
    const output = input.kind === "swap" ? Number(value === input.expected) : value;
    return { client, input, calledAt, returnedAt, output };
  }
  const isOpen = outcome.kind === "unknown" && input.kind !== "read";
  return isOpen ? { client, input, calledAt } : undefined;
}

function tallyOf(history: readonly Act[], applied: ReadonlySet<number>): Tally {
  const of = (kind: Act["outcome"]["kind"]): Act[] =>
    history.filter(({ outcome }) => outcome.kind === kind);
  const unknown = of("unknown");
  return {
    operations: history.length,
    acknowledged: of("acknowledged").length,
    refused: of("refused").length,
    unknown: unknown.length,
    unknownApplied: unknown.filter(({ operation }) => applied.has(operation)).length,
    keys: new Set(history.map(({ key }) => key)).size,
  };
}
