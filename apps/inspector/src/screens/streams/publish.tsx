import { PublishAction } from "@mosaik/streams";
import type { Signal } from "@preact/signals";
import { nameIn } from "../../model/identity.ts";
import { legible } from "../../model/legible.ts";
import type { Stream } from "../../model/streams.ts";
import { Act } from "../../parts/act.tsx";
import { view } from "../../shell/app.ts";

/** Has a producer send an item. It checks that the item fits the stream's schema. */
export function Publish({
  stream,
  draft,
}: {
  readonly stream: Stream;
  /** The item to send, as JSON. */
  readonly draft: Signal<string>;
}) {
  const [producer = ""] = stream.producers.keys();
  if (producer === "") return null;
  const who = nameIn(view.value.snapshot, producer);
  return (
    <section class="card" aria-labelledby="publish">
      <h2 id="publish">Publish</h2>
      <Act
        peer={producer}
        action={PublishAction}
        input={() => ({ stream: stream.id, item: { json: draft.value } })}
        label="Send an item"
        question={`${who} shall send this item to all consumers of ${legible(stream.name, 60)}?`}
        told={({ outcome }) => outcome}
      >
        <label>
          As JSON{" "}
          <input
            class="json"
            value={draft.value}
            aria-invalid={!isJson(draft.value)}
            spellcheck={false}
            onInput={(event) => {
              draft.value = event.currentTarget.value;
            }}
          />
        </label>
      </Act>
    </section>
  );
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
