import { type Clock, type Log, validate } from "@mosaik/primitives";
import { diagnosticsLimits } from "../config.ts";
import type { Plain } from "../core/delta.ts";
import { EventRing } from "../core/event-ring.ts";
import { Thrift } from "../core/thrift.ts";
import type { DiagnosticEvent, Diagnostics } from "../diagnostics.ts";
import type { InspectionKeys } from "../inspection-key.ts";
import type { Action, Section } from "../section.ts";
import type { failures } from "../wire.ts";
import { Turns } from "./turns.ts";

/** What a request came to. */
export type Answer =
  | { readonly ok: true; readonly value: Plain }
  | { readonly ok: false; readonly why: (typeof failures)[number]; readonly text: string };

interface Described {
  readonly section: Section<unknown, unknown>;
  readonly describe: (query: unknown) => unknown;
  readonly thrift: Thrift;
  /** Of answers to queries, each of which is another. */
  readonly queries: Thrift;
  /** What was made last, without a query. */
  made: Answer | undefined;
}

interface Offered {
  readonly action: Action<unknown, unknown>;
  readonly act: (input: unknown) => unknown;
}

/** Everything that the parts of a node contribute, for those who ask. */
export class Registry implements Diagnostics {
  /** The keys that invites brought, to look into others with. */
  readonly keys: InspectionKeys;
  /** The work for all inspections. */
  readonly turns: Turns;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #sections = new Map<string, Described>();
  readonly #actions = new Map<string, Offered>();
  readonly #events = new EventRing(diagnosticsLimits.eventsMax);
  readonly #listeners = new Set<() => void>();

  constructor(init: {
    readonly clock: Clock;
    readonly log: Log;
    readonly keys?: InspectionKeys;
  }) {
    this.keys = init.keys ?? {};
    this.turns = new Turns(init.clock);
    this.#clock = init.clock;
    this.#log = init.log;
  }

  describe<Value, Query>(
    section: Section<Value, Query>,
    describe: (query: Query) => Value,
  ): Disposable {
    const described = {
      section,
      describe: describe as (query: unknown) => unknown, // a query is checked before it is given
      thrift: new Thrift(diagnosticsLimits),
      queries: new Thrift({ ...diagnosticsLimits, freshMs: 0 }),
      made: undefined,
    };
    return add(this.#sections, section.name, described);
  }

  offer<Input, Output>(
    action: Action<Input, Output>,
    act: (input: Input) => Output | Promise<Output>,
  ): Disposable {
    const offered = { action, act: act as (input: unknown) => unknown }; // checked before it is given
    return add(this.#actions, action.name, offered);
  }

  note(name: string, facts: DiagnosticEvent["facts"] = {}): void {
    this.#events.add({ at: this.#clock.now(), name, facts });
    for (const listener of this.#listeners) listener();
  }

  /** Names and versions of what can be read and done. */
  get sections(): { readonly name: string; readonly version: number }[] {
    return [...this.#sections.values()].map(({ section }) => listed(section));
  }
  get actions(): { readonly name: string; readonly version: number }[] {
    return [...this.#actions.values()].map(({ action }) => listed(action));
  }

  get events(): EventRing {
    return this.#events;
  }

  /** Calls `listener` after every event. */
  onEvent(listener: () => void): Disposable {
    this.#listeners.add(listener);
    return { [Symbol.dispose]: () => void this.#listeners.delete(listener) };
  }

  /** How long to wait until a section may be made anew, ms. */
  dueInMs(name: string, query: unknown): number {
    const described = this.#sections.get(name);
    const thrift = query === undefined ? described?.thrift : described?.queries;
    return Math.max(0, (thrift?.freshUntilMs ?? 0) - this.#clock.monotonic());
  }

  /** What a section says now, or said a moment ago. */
  read(name: string, version: number, query: unknown): Answer {
    const described = this.#sections.get(name);
    if (described?.section.version !== version) return no("unknown", `no section ${name}`);
    const asked = validate(described.section.query, query);
    if (!asked.ok) return no("malformed", asked.error.message);
    const from = this.#clock.monotonic();
    const thrift = query === undefined ? described.thrift : described.queries;
    if (query === undefined && described.made && !thrift.isDue(from)) return described.made;
    const answer = this.#make(described, asked.value);
    thrift.made(from, this.#clock.monotonic());
    if (query === undefined) described.made = answer;
    return answer;
  }

  /** Has something done. */
  async act(name: string, version: number, input: unknown): Promise<Answer> {
    const offered = this.#actions.get(name);
    if (offered?.action.version !== version) return no("unknown", `no action ${name}`);
    const asked = validate(offered.action.input, input);
    if (!asked.ok) return no("malformed", asked.error.message);
    try {
      const output = await offered.act(asked.value);
      for (const described of this.#sections.values()) described.made = undefined; // it may show
      return { ok: true, value: output as Plain }; // the encoder refuses what is not
    } catch (error) {
      return no("failed", textOf(error));
    }
  }

  #make({ section, describe }: Described, query: unknown): Answer {
    try {
      return { ok: true, value: describe(query) as Plain }; // the encoder refuses what is not
    } catch (error) {
      this.#log.warn("a section could not be described", { section: section.name, error });
      return no("failed", textOf(error));
    }
  }
}

function add<Item>(items: Map<string, Item>, name: string, item: Item): Disposable {
  if (items.has(name)) throw new RangeError(`there is a '${name}' already`);
  if (items.size >= diagnosticsLimits.sectionsMax) throw new RangeError("there are too many");
  items.set(name, item);
  return {
    [Symbol.dispose]: () => {
      if (items.get(name) === item) items.delete(name);
    },
  };
}

function listed({ name, version }: { name: string; version: number }) {
  return { name, version };
}

function no(why: (typeof failures)[number], text: string): Answer {
  return { ok: false, why, text: text.slice(0, 512) };
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
