import type { Log, SwitchableLog } from "@mosaik/primitives";
import type { DiagnosticEvent, Diagnostics } from "../diagnostics.ts";
import type { Action, Section } from "../section.ts";
import { LogNamespacesAction, LogsSection } from "../sections.ts";
import type { Registry } from "./registry.ts";

/** The diagnostics of a node as one of its parts has them: what it notes is also a line of its log. */
export class Contribution implements Diagnostics {
  readonly registry: Registry;
  readonly #log: Log;

  constructor(registry: Registry, log: Log) {
    this.registry = registry;
    this.#log = log;
  }

  describe<Value, Query>(
    section: Section<Value, Query>,
    describe: (query: Query) => Value,
  ): Disposable {
    return this.registry.describe(section, describe);
  }

  offer<Input, Output>(
    action: Action<Input, Output>,
    act: (input: Input) => Output | Promise<Output>,
  ): Disposable {
    return this.registry.offer(action, act);
  }

  note(name: string, facts: DiagnosticEvent["facts"] = {}): void {
    this.registry.note(name, facts);
    this.#log.info(name, facts);
  }
}

/** Lets inspectors see which parts of a log are on, and switch them, where it can be switched. */
export function describeLog(registry: Registry, log: Log): void {
  if (!isSwitchable(log)) return;
  registry.describe(LogsSection, () => ({ namespaces: log.namespaces }));
  registry.offer(LogNamespacesAction, ({ namespaces }) => {
    log.namespaces = namespaces;
    return { namespaces: log.namespaces };
  });
}

function isSwitchable(log: Log): log is SwitchableLog {
  return "namespaces" in log;
}
