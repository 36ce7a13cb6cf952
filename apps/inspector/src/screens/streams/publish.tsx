import { PublishAction } from "@mosaik/streams";
import { useSignal } from "@preact/signals";
import { nameIn } from "../../model/identity.ts";
import { legible } from "../../model/legible.ts";
import type { Stream } from "../../model/streams.ts";
import { Act } from "../../parts/act.tsx";
import { view } from "../../shell/app.ts";

/** Has a producer send an item. It checks that the item fits the stream's schema. */
export function Publish({ stream }: { readonly stream: Stream }) {
  const item = useSignal("{}");
  const [producer = ""] = stream.producers.keys();
  if (producer === "") return null;
  const who = nameIn(view.value.snapshot, producer);
  return (
    <section class="card" aria-labelledby="publish">
      <h2 id="publish">Publish</h2>
      <Act
        peer={producer}
        action={PublishAction}
        input={() => ({ stream: stream.id, item: { json: item.value } })}
        label="Send an item"
        question={`${who} shall send this item to all consumers of ${legible(stream.name, 60)}?`}
        told={({ outcome }) => outcome}
      >
        <label>
          As JSON{" "}
          <input
            class="json"
            value={item.value}
            spellcheck={false}
            onInput={(event) => {
              item.value = event.currentTarget.value;
            }}
          />
        </label>
      </Act>
    </section>
  );
}
