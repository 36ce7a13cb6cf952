import {
  type Clock,
  type Codec,
  type Infer,
  type PeerId,
  RateLimit,
  type Timer,
} from "@mosaik/primitives";
import { frameHeaderBytes, frameLength } from "@mosaik/transport";
import { sampleLimits } from "../config.ts";
import type { Run } from "../core/segment-writer.ts";
import { shownItem } from "../core/shown-item.ts";
import type { StreamIdentity } from "../define-stream.ts";
import type { SampledItem, StreamSampleSection } from "../diagnostics.ts";

/**
 * Shows inspectors some of the items that pass. It looks at nothing until somebody asks, and stops a
 * while after nobody does; then it costs a look at a boolean for each run of items.
 */
export class Sampler {
  /** Whether somebody looks: {@link take} is called only then. */
  active = false;
  readonly #clock: Clock;
  /** Those who pass items on undecoded know only the codec's id. */
  readonly #definition: StreamIdentity & { readonly codec: Partial<Codec> };
  readonly #items = new Map<string, SampledItem>();
  #limit: RateLimit | undefined;
  #lapse: Timer | undefined;
  #seen = 0;
  #shown = 0;

  constructor(clock: Clock, definition: StreamIdentity) {
    this.#clock = clock;
    this.#definition = definition;
  }

  /** A run of framed items passes: the first of them may be shown. */
  take(from: PeerId | undefined, { frames, items }: Run, sequence: number): void {
    this.#seen += items;
    if (this.#limit?.take(this.#clock.monotonic()) !== true) return;
    const bytes = frameLength(frames, 0);
    const encoded = frames.subarray(frameHeaderBytes, frameHeaderBytes + bytes);
    const producer = from === undefined ? {} : { producer: from };
    const item = { at: this.#clock.now(), ...producer, sequence, bytes, ...this.#content(encoded) };
    this.#items.set(String(++this.#shown), item);
    const [oldest] = this.#items.keys();
    if (this.#items.size > sampleLimits.itemsMax && oldest !== undefined)
      this.#items.delete(oldest);
  }

  /** What was seen since somebody began to look; whoever asks goes on looking. */
  describe(): Infer<typeof StreamSampleSection.value> {
    this.#look();
    const { sensitive = false } = this.#definition;
    return { sensitive, seen: this.#seen, items: Object.fromEntries(this.#items) };
  }

  /** Stops looking. */
  close(): void {
    this.#lapse?.cancel();
    this.active = false;
    this.#seen = 0;
    this.#items.clear();
  }

  #look(): void {
    if (!this.active) {
      const { itemsPerSecond: perSecond } = sampleLimits;
      const nowMs = this.#clock.monotonic();
      this.#limit = new RateLimit({ perSecond, burst: perSecond, nowMs });
      this.active = true;
    }
    this.#lapse?.cancel();
    this.#lapse = this.#clock.after(sampleLimits.lapseMs, () => this.close());
  }

  #content(encoded: Uint8Array): Pick<SampledItem, "text" | "head"> {
    const { codec, sensitive } = this.#definition;
    if (sensitive === true) return {};
    const head = Uint8Array.from(encoded.subarray(0, sampleLimits.headBytes));
    const decoded = codec.decode?.(Uint8Array.from(encoded));
    return decoded?.ok === true
      ? { head, text: shownItem(decoded.value, sampleLimits.textMax) }
      : { head };
  }
}
