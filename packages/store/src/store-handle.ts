import {
  type Condition,
  condition,
  type GroupId,
  type Watch,
  WatchSource,
} from "@mosaik/primitives";
import { formatPrint } from "./core/print.ts";
import type { Machine } from "./machines/machine.ts";
import type { Operation, ResultsOf } from "./operation.ts";
import { carryOutMany } from "./shell/parts.ts";
import { carryOut, type StoreAccess, stopped, storeError } from "./shell/store-access.ts";
import { statusOf } from "./shell/store-status.ts";
import { watchStore } from "./shell/watcher.ts";
import type {
  Counted,
  Reading,
  ReadOptions,
  Store,
  StoreChange,
  StoreConditions,
  StoreStatus,
  WaitOptions,
  WatchOptions,
} from "./store.ts";

/** What the handles of all kinds of store do alike. `State` is the machine of the kind, and its view. */
export class StoreHandle<State extends Machine<Event>, View, Event> implements Store<View, Event> {
  readonly name: string;
  readonly group: GroupId;
  readonly when: StoreConditions;
  /** What the handle works through; not for users. */
  protected readonly access: StoreAccess;
  readonly #status: WatchSource<StoreStatus>;
  #closed = false;

  constructor(access: StoreAccess) {
    const { group } = access;
    this.access = access;
    this.name = access.name;
    this.group = group.id;
    this.#status = new WatchSource(this.#statusNow());
    group.status.subscribe(
      () => this.#status.set(this.#statusNow()),
      () => this.#end(),
    );
    this.when = {
      online: (options) => condition(this.#status, ({ online }) => online, options),
      offline: (options) => condition(this.#status, ({ online }) => !online, options),
      reaches: (version, options) => this.#reaches(version, options),
      updated: (options) => {
        const { version } = this;
        return condition(this.#status, (status) => status.version > version, options);
      },
    };
  }

  get status(): Watch<StoreStatus> {
    return this.#status;
  }

  get version(): number {
    const { room, store } = this.access;
    return room.state.versions[store] ?? 0;
  }

  get hash(): string {
    return formatPrint(this.machine.print);
  }

  view(): View {
    return this.machine.capture() as unknown as View; // every machine is what its readers are shown
  }

  async read(options: ReadOptions = {}): Promise<Reading<View>> {
    try {
      const { staleMs } = await this.access.group.query("room", options);
      return { view: this.view(), version: this.version, staleMs };
    } catch (error) {
      throw storeError(error, options.signal);
    }
  }

  watch(options: WatchOptions = {}): AsyncIterable<StoreChange<View, Event>> {
    const { group, room, store } = this.access;
    const { from = this.version, signal } = options;
    return watchStore<View, Event>({
      room,
      store,
      from,
      signal,
      over: () => (this.#closed ? "closed" : stopped(group.status.value)),
      whenOver: (look) =>
        group.status.subscribe(({ state }) => {
          if (state !== "running") look();
        }, look),
    });
  }

  close(): Promise<void> {
    return this.access.group.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** The state now. */
  protected get machine(): State {
    const { room, store } = this.access;
    return room.state.machines[store] as State; // the definition made it
  }

  /** Carries out one operation; what fails to encode rejects too. */
  protected async run<Result>(
    make: () => Operation<Result>,
    options?: WaitOptions,
  ): Promise<Result> {
    const [result] = await carryOut(this.access, [make()], options);
    return result;
  }

  /** Carries out several operations as one. */
  protected async runBatch<const Operations extends readonly Operation<unknown>[]>(
    build: () => Operations,
    options?: WaitOptions,
  ): Promise<ResultsOf<Operations>> {
    const operations = build();
    if (operations.length === 0) throw new RangeError("a batch has at least one operation");
    return carryOut(this.access, operations, options);
  }

  /** Carries out a change of many items, in parts where there are too many for one. */
  protected async runMany<Item>(
    items: Iterable<Item>,
    make: (part: Item[]) => Operation<Counted>,
    options?: WaitOptions,
  ): Promise<Counted> {
    return carryOutMany(this.access, items, make, options);
  }

  #reaches(version: number, options: WaitOptions = {}): Condition {
    return this.access.group.when.committed(version, options);
  }

  #end(): void {
    this.#closed = true;
    this.#status.set(this.#statusNow());
    this.#status.close();
  }

  #statusNow(): StoreStatus {
    const status = statusOf(this.access);
    return this.#closed ? { ...status, state: "closed", online: false } : status;
  }
}
