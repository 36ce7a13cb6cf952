import type { Discovery } from "@mosaik/discovery";
import type { Digest } from "@mosaik/primitives";
import type { ServiceFactory } from "@mosaik/transport";
import { type ViewInsight, ViewsSection } from "../diagnostics.ts";
import { StoreError } from "../errors.ts";
import type { Replays } from "../replay/replay.ts";
import { guarded } from "../replay/shell/guarded.ts";
import { version } from "../version.ts";
import type { ViewDefinition } from "./define-view.ts";
import { FoldedView } from "./fold-view.ts";
import { RemoteView } from "./remote-view.ts";
import type { ViewEnvironment } from "./shell/environment.ts";
import { ViewDesk } from "./shell/view-desk.ts";
import type { FoldOptions, View, ViewReadOptions, Views } from "./views.ts";

/**
 * Materialised views of streams, for `createNetwork`: folds them, serves them, and reads them.
 *
 * @example
 * ```ts
 * import { views } from "@mosaik/store";
 *
 * console.log(views().needs); // [ 'discovery', 'replay' ]
 * ```
 */
export function views(): ServiceFactory<Views, { discovery: Discovery; replay: Replays }> {
  return {
    package: { name: "@mosaik/store", version },
    needs: ["discovery", "replay"],
    create: (context, { discovery, replay }) => new ViewService({ context, discovery, replay }),
  };
}

interface OpenView {
  readonly definition: { readonly id: Digest };
  readonly insight: ViewInsight;
  close(): Promise<void>;
}

class ViewService implements Views {
  readonly #environment: ViewEnvironment;
  readonly #desk: ViewDesk;
  readonly #folded = new Set<Digest>();
  readonly #open = new Set<OpenView>();
  #closing: Promise<void> | undefined;

  constructor(environment: ViewEnvironment) {
    this.#environment = environment;
    this.#desk = new ViewDesk(environment);
    environment.context.diagnostics.describe(ViewsSection, () =>
      Object.fromEntries(
        [...this.#open].map(({ definition, insight }) => [
          `${insight.kind}/${definition.id}`,
          insight,
        ]),
      ),
    );
  }

  fold<Item, Value>(
    definition: ViewDefinition<Item, Value>,
    options: FoldOptions = {},
  ): View<Value> {
    this.#checkOpen();
    const { id, name } = definition;
    if (this.#folded.has(id)) {
      throw new StoreError("STORE_VIEW_EXISTS", `the view '${name}' is folded here already`);
    }
    this.#folded.add(id);
    const { serve, fromSnapshot } = options;
    const log = this.#environment.context.log.child(name);
    const safe = {
      ...options,
      ...(typeof serve === "function" && { serve: guarded(serve, log) }),
      ...(typeof fromSnapshot === "function" && { fromSnapshot: guarded(fromSnapshot, log) }),
    };
    const view = new FoldedView(this.#environment, this.#desk, definition, safe, () => {
      this.#folded.delete(id);
      this.#open.delete(view);
    });
    this.#open.add(view);
    return view;
  }

  read<Item, Value>(
    definition: ViewDefinition<Item, Value>,
    options: ViewReadOptions = {},
  ): View<Value> {
    this.#checkOpen();
    const { servers } = options;
    const log = this.#environment.context.log.child(definition.name);
    const safe = servers === undefined ? {} : { servers: guarded(servers, log) };
    const view = new RemoteView(this.#environment, definition, safe, () => this.#open.delete(view));
    this.#open.add(view);
    return view;
  }

  close(): Promise<void> {
    this.#closing ??= this.#end();
    return this.#closing;
  }

  async #end(): Promise<void> {
    await Promise.all([...this.#open].map((view) => view.close()));
    this.#desk.close();
  }

  #checkOpen(): void {
    if (this.#closing !== undefined) {
      throw new StoreError("STORE_CLOSED", "the views service is closed");
    }
  }
}
