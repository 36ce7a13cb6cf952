import { browseLimits } from "../config.ts";
import type { ViewInsight } from "../diagnostics.ts";
import type { Position } from "../replay/core/position.ts";
import type { KeyRange } from "../sorted-tree.ts";
import type { ViewDefinition } from "./define-view.ts";
import type { Published } from "./shell/published.ts";
import type { View, ViewChange } from "./views.ts";

/** What all views have in common for their users. */
export abstract class ViewHandle<Item, Value> implements View<Value> {
  protected readonly published: Published<Value>;

  constructor(published: Published<Value>) {
    this.published = published;
  }

  get version(): Position {
    return this.published.state.version;
  }

  get missed(): number {
    return this.published.state.missed;
  }

  get partial(): boolean {
    return this.missed > 0;
  }

  get size(): number {
    return this.published.state.entries.size;
  }

  get when(): View<Value>["when"] {
    return this.published.when;
  }

  get(key = ""): Value | undefined {
    return this.published.state.entries.get(key);
  }

  has(key: string): boolean {
    return this.published.state.entries.has(key);
  }

  entries(range?: KeyRange<string>): IterableIterator<[string, Value]> {
    return this.published.entries(range);
  }

  hash(): string {
    return this.published.hash();
  }

  watch(options: { readonly signal?: AbortSignal } = {}): AsyncIterable<ViewChange<Value>> {
    return this.published.watch(options.signal);
  }

  /** What inspectors are told. */
  get insight(): ViewInsight {
    const { definition, published, lag } = this;
    const { entries, missed, version } = published.state;
    return {
      name: definition.name,
      stream: definition.from.name,
      kind: this.kind,
      ready: published.isReady,
      entries: entries.size,
      missed,
      ...(lag !== undefined && { lag }),
      producers: version.size,
      version: Object.fromEntries([...version].slice(0, browseLimits.producersMax)),
    };
  }

  abstract readonly definition: ViewDefinition<Item, Value>;
  protected abstract readonly kind: ViewInsight["kind"];
  /** Items that are known to have been sent and are not folded yet. */
  protected abstract readonly lag: number | undefined;

  abstract close(): Promise<void>;

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
