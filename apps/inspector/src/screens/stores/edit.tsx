import { EditStoreAction } from "@mosaik/store";
import { useSignal } from "@preact/signals";
import type { Collection } from "../../model/collections.ts";
import { nameIn } from "../../model/identity.ts";
import { legible } from "../../model/legible.ts";
import { Act } from "../../parts/act.tsx";
import { view } from "../../shell/app.ts";

/** Puts an item into a collection, or takes one out, as one of its writers. */
export function Edit({ store, writer }: { readonly store: Collection; readonly writer: string }) {
  const key = useSignal("");
  const value = useSignal("");
  const who = nameIn(view.value.snapshot, writer);
  const keyed = (): { readonly key?: string } => (key.value === "" ? {} : { key: key.value });
  const what = legible(key.value, 60) || "the value";
  const told = ({
    applied,
    version,
  }: {
    readonly applied: boolean;
    readonly version: number;
  }): string => (applied ? `done, version ${version}` : "nothing changed");
  return (
    <section class="card" aria-labelledby="edit">
      <h2 id="edit">Edit</h2>
      <div class="act">
        <label>
          Key{" "}
          <input
            value={key.value}
            onInput={(event) => {
              key.value = event.currentTarget.value;
            }}
          />
        </label>
        <label>
          Value{" "}
          <input
            class="json"
            value={value.value}
            onInput={(event) => {
              value.value = event.currentTarget.value;
            }}
          />
        </label>
      </div>
      <div class="act">
        <Act
          peer={writer}
          action={EditStoreAction}
          input={() => ({ store: store.id, kind: "put" as const, ...keyed(), value: value.value })}
          label="Put"
          question={`${who} shall set ${what} to ${legible(value.value, 120)}?`}
          told={told}
        />
        <Act
          peer={writer}
          action={EditStoreAction}
          input={() => ({ store: store.id, kind: "remove" as const, ...keyed() })}
          label="Remove"
          question={`${who} shall remove ${what}?`}
          told={told}
        />
      </div>
    </section>
  );
}
