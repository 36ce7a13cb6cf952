import { StreamSampleSection } from "@mosaik/streams";
import { useSignal } from "@preact/signals";
import { nameIn } from "../../model/identity.ts";
import { itemFilter } from "../../model/item-filter.ts";
import type { Stream } from "../../model/streams.ts";
import { useAsked } from "../../parts/asked.ts";
import { formatBytes, formatClock, formatCount } from "../../parts/format.ts";
import { isPayloadForm, Payload, type PayloadForm, payloadForms } from "../../parts/payload.tsx";
import { Scrolled } from "../../parts/scrolled.tsx";
import { Unanswered } from "../../parts/states.tsx";
import { view } from "../../shell/app.ts";
import { amendMore, route } from "../../shell/route.ts";

/** Some of the items that pass through a node, as they pass. */
export function Sample({
  stream,
  onPick,
}: {
  readonly stream: Stream;
  /** An item was chosen to be sent again, changed or not. */
  readonly onPick: (text: string) => void;
}) {
  const { snapshot } = view.value;
  const through = useSignal("");
  const { as = "" } = route.value.more;
  const form: PayloadForm = isPayloadForm(as) ? as : "json";
  const wanted = useSignal("");
  const isPaused = useSignal(false);
  const nodes = [...stream.producers.keys(), ...stream.consumers.keys()];
  const node = nodes.includes(through.value) ? through.value : (nodes[0] ?? "");
  const asked = useAsked(node, StreamSampleSection, { stream: stream.id }, 300, !isPaused.value);
  const items = asked.state === "told" ? Object.entries(asked.value.items) : [];
  const isWanted = itemFilter(wanted.value);
  const shown = items
    .sort(([a], [b]) => Number(b) - Number(a))
    .filter(([, { text = "" }]) => isWanted(text))
    .slice(0, 20);
  return (
    <section class="card" aria-labelledby="sample">
      <header class="screen-head">
        <h2 id="sample">Sample</h2>
        <div class="tools">
          <label>
            Through{" "}
            <select
              value={node}
              onChange={(event) => {
                through.value = event.currentTarget.value;
              }}
            >
              {nodes.map((id) => (
                <option key={id} value={id}>
                  {nameIn(snapshot, id)}
                </option>
              ))}
            </select>
          </label>
          <label>
            As{" "}
            <select
              value={form}
              onChange={(event) => amendMore("as", event.currentTarget.value, "replace")}
            >
              {payloadForms.map(([value, name]) => (
                <option key={value} value={value}>
                  {name}
                </option>
              ))}
            </select>
          </label>
          <input
            aria-label="Only items with this text, or of which this holds"
            placeholder="text, or n > 3 && id == a"
            value={wanted.value}
            onInput={(event) => {
              wanted.value = event.currentTarget.value;
            }}
          />
          <button
            type="button"
            aria-pressed={isPaused.value}
            onClick={() => {
              isPaused.value = !isPaused.value;
            }}
          >
            {isPaused.value ? "Go on" : "Pause"}
          </button>
        </div>
      </header>
      <Unanswered asked={asked} />
      {asked.state === "told" && (
        <p class="hint">
          {asked.value.sensitive
            ? "The stream is marked as sensitive: what its items say is hidden."
            : `${formatCount(asked.value.seen)} passed since somebody began to look.`}
        </p>
      )}
      <Scrolled label="Items, newest first">
        <ol class="log" aria-label="Items, newest first">
          {shown.map(([number, { at, sequence, bytes, text, head }]) => (
            <li key={number}>
              <time>{formatClock(at)}</time>
              <span>
                <small>
                  #{sequence} · {formatBytes(bytes)}
                </small>{" "}
                {text !== undefined && (
                  <button
                    type="button"
                    class="quiet"
                    title="Publish one like it"
                    aria-label={`Publish one like #${sequence}`}
                    onClick={() => onPick(text)}
                  >
                    ↧
                  </button>
                )}
                <Payload form={form} text={text} head={head} />
              </span>
            </li>
          ))}
        </ol>
      </Scrolled>
    </section>
  );
}
