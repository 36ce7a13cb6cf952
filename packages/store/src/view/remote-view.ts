import { reaches } from "../replay/core/position.ts";
import { behindMaxMs } from "./config.ts";
import type { ViewState } from "./core/entries.ts";
import type { ViewDefinition } from "./define-view.ts";
import type { ViewEnvironment } from "./shell/environment.ts";
import { Published } from "./shell/published.ts";
import { ViewSource } from "./shell/view-source.ts";
import { ViewHandle } from "./view-handle.ts";
import type { ViewReadOptions } from "./views.ts";

/** A view that others fold. */
export class RemoteView<Item, Value> extends ViewHandle<Item, Value> {
  override readonly definition: ViewDefinition<Item, Value>;
  readonly #environment: ViewEnvironment;
  readonly #source: ViewSource<Value>;
  readonly #onClose: () => void;
  /** Since when a server is behind what was published already. */
  #behindSince: number | undefined;
  #isWhole = true;
  #closed = false;

  constructor(
    environment: ViewEnvironment,
    definition: ViewDefinition<Item, Value>,
    { servers = () => true }: ViewReadOptions,
    onClose: () => void,
  ) {
    super(new Published(definition.codec));
    this.definition = definition;
    this.#environment = environment;
    this.#onClose = onClose;
    this.#source = new ViewSource<Value>({
      environment,
      id: definition.id,
      codec: definition.codec,
      servers,
      onState: (state, changed) => this.#take(state, changed),
    });
  }

  protected override get kind(): "read" {
    return "read";
  }

  protected override get lag(): undefined {
    return undefined;
  }

  override async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#onClose();
    this.#source.close();
    this.published.close();
  }

  /** Takes a state, unless it is older than the one that is there: then it waits for a while. */
  #take(state: ViewState<Value>, changed: ReadonlySet<string> | "all"): void {
    const now = this.#environment.context.clock.monotonic();
    if (!reaches(state.version, this.version)) {
      this.#behindSince ??= now;
      this.#isWhole = true;
      if (now - this.#behindSince < behindMaxMs) return;
    }
    this.#behindSince = undefined;
    this.published.publish(state, this.#isWhole ? "all" : changed);
    this.#isWhole = false;
    this.published.ready();
  }
}
