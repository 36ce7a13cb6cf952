import type { PeerId } from "@mosaik/primitives";
import type { Service } from "../service.ts";
import type { Action, Section } from "./section.ts";

/** What may be said of an event. */
export type Fact = string | number | boolean;

/** Something that happened at a node. */
export interface DiagnosticEvent {
  readonly kind: "event";
  /** Counts the events of the node since its start, from 1. */
  readonly sequence: number;
  /** Wall-clock milliseconds of the node. */
  readonly at: number;
  /** What: `group.leader-changed`. */
  readonly name: string;
  readonly facts: Readonly<Record<string, Fact>>;
}

/** Events that were forgotten before they could be told. */
export interface MissedEvents {
  readonly kind: "missed";
  readonly count: number;
}

/**
 * What the parts of a node say of themselves. Costs next to nothing while nobody asks: sections are
 * made when they are read, and the newest events are kept in a ring.
 */
export interface Diagnostics {
  /**
   * Contributes a section. `describe` is called when somebody asks, synchronously, and not more often
   * than its cost allows.
   *
   * @throws `RangeError` where there is a section of that name.
   */
  describe<Value, Query>(
    section: Section<Value, Query>,
    describe: (query: Query) => Value,
  ): Disposable;
  /**
   * Contributes an action. What `act` throws is told to whoever asked.
   *
   * @throws `RangeError` where there is an action of that name.
   */
  offer<Input, Output>(
    action: Action<Input, Output>,
    act: (input: Input) => Output | Promise<Output>,
  ): Disposable;
  /** Notes that something happened. Not for what happens with every item. */
  note(name: string, facts?: DiagnosticEvent["facts"]): void;
}

/** What an inspector may do. Who may write may read. */
export type Grant = "read" | "write";

/** The diagnostics service: answers inspectors, and inspects others. */
export interface DiagnosticsService extends Service {
  /**
   * Opens an inspection of a peer, this node itself included.
   *
   * @throws TransportError with `DIAGNOSTICS_REFUSED` where the peer gives no such grant, and as
   * `ServiceContext.open` does.
   */
  inspect(peer: PeerId, options?: InspectOptions): Promise<Inspection>;
}

/** How to inspect. */
export interface InspectOptions {
  /** Default: `read`. */
  readonly grant?: Grant;
  /**
   * The key that proves the grant. Default: that of an invite among the node's seeds, else the
   * node's own. On the same machine reading takes none.
   */
  readonly key?: string;
  readonly signal?: AbortSignal;
}

/** A conversation with a node about itself. */
export interface Inspection extends AsyncDisposable {
  /** Who is inspected. */
  readonly peer: PeerId;
  readonly grant: Grant;
  /** The names and versions of what can be read and done there. */
  readonly sections: ReadonlyMap<string, number>;
  readonly actions: ReadonlyMap<string, number>;
  /** Whether it is over. */
  readonly closed: boolean;
  /**
   * Reads a section.
   *
   * @throws TransportError with `DIAGNOSTICS_UNKNOWN`, `DIAGNOSTICS_FAILED`,
   * `DIAGNOSTICS_MALFORMED` or `CHANNEL_CLOSED`; the reason of `signal`.
   */
  read<Value, Query>(section: Section<Value, Query>, options?: ReadOptions<Query>): Promise<Value>;
  /**
   * The section now, and whenever it has changed: at most every `everyMs` (default and least: 100),
   * less often where it is dear. Latest wins. Only differences travel.
   *
   * @throws as `read`.
   */
  follow<Value, Query>(
    section: Section<Value, Query>,
    options?: ReadOptions<Query> & { readonly everyMs?: number },
  ): AsyncIterable<Value>;
  /**
   * The events after the one numbered `after` (default: 0, all that are kept), and then every one
   * that comes. What was forgotten in between is counted.
   *
   * @throws TransportError with `CHANNEL_CLOSED`.
   */
  events(options?: {
    readonly after?: number;
    readonly signal?: AbortSignal;
  }): AsyncIterable<DiagnosticEvent | MissedEvents>;
  /**
   * Has the node do something.
   *
   * @throws as `read`; TransportError with `DIAGNOSTICS_REFUSED` without the grant to write.
   */
  act<Input, Output>(
    action: Action<Input, Output>,
    input: Input,
    options?: { readonly signal?: AbortSignal },
  ): Promise<Output>;
  /** Ends it. Idempotent. */
  close(): void;
}

/** What of a section to read. */
export interface ReadOptions<Query> {
  readonly query?: Query;
  readonly signal?: AbortSignal;
}
