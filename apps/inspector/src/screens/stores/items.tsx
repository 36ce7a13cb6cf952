import { type StoreItem, StoreItemsSection } from "@mosaik/store";
import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useRef } from "preact/hooks";
import { useAsked } from "../../parts/asked.ts";
import { type Column, DataTable } from "../../parts/data-table.tsx";
import { formatClock, formatCount } from "../../parts/format.ts";
import { Unanswered } from "../../parts/states.tsx";
import { Said } from "../../parts/text.tsx";

/** Values of a key that are remembered while one looks. */
const valuesMax = 20;
/** Keys whose values are remembered. */
const keysMax = 1_000;

interface Seen {
  readonly value: string;
  readonly at: number;
}

type Row = StoreItem & { readonly values: readonly Seen[] };

const columns: readonly Column<Row>[] = [
  {
    name: "key",
    title: "Key",
    by: ({ key = "" }) => key,
    cell: ({ key, priority }) => (
      <>
        <code>
          <Said text={key ?? "–"} max={80} />
        </code>
        {priority !== undefined && <small> priority {priority}</small>}
      </>
    ),
  },
  {
    name: "value",
    title: "Value",
    by: ({ value = "" }) => value,
    cell: ({ value, shown, values }) => (
      <span key={value} class={values.length > 1 ? "flash" : ""}>
        <code>
          <Said text={value ?? "–"} max={400} />
        </code>
        {shown !== undefined && <small> {shown}</small>}
      </span>
    ),
  },
  {
    name: "changes",
    title: "Changes seen",
    by: ({ values }) => values.length - 1,
    cell: ({ values }) =>
      values.length < 2 ? (
        ""
      ) : (
        <details>
          <summary>{values.length - 1}</summary>
          <ol class="log">
            {[...values].reverse().map(({ value, at }) => (
              <li key={at}>
                <time>{formatClock(at)}</time>
                <code>
                  <Said text={value} max={120} />
                </code>
              </li>
            ))}
          </ol>
        </details>
      ),
  },
];

/** What is in a collection, in the order of keys, a page at a time; what changes flashes. */
export function Items({
  store,
  peer,
  picker,
}: {
  readonly store: string;
  readonly peer: string;
  readonly picker: ComponentChildren;
}) {
  const prefix = useSignal("");
  const after = useSignal("");
  const history = useRef(new Map<string, Seen[]>());
  const query = {
    store,
    ...(prefix.value === "" ? {} : { prefix: prefix.value }),
    ...(after.value === "" ? {} : { after: after.value }),
  };
  const asked = useAsked(peer, StoreItemsSection, query, 500);
  const told = asked.state === "told" ? asked.value : undefined;
  const rows = (told?.items ?? []).map((item, at) => {
    return { ...item, values: remember(history.current, item.key ?? String(at), item.value ?? "") };
  });
  return (
    <section class="stack" aria-labelledby="items">
      <header class="screen-head">
        <h2 id="items">Items</h2>
        <div class="tools">
          {picker}
          <input
            aria-label="Keys that begin with"
            placeholder="Keys that begin with …"
            value={prefix.value}
            onInput={(event) => {
              prefix.value = event.currentTarget.value;
              after.value = "";
            }}
          />
        </div>
      </header>
      <Unanswered asked={asked} />
      {told !== undefined && (
        <>
          <DataTable
            name="items"
            caption="Items"
            columns={columns}
            rows={rows}
            keyOf={({ key = "" }) => key}
          />
          <p class="hint">
            {formatCount(rows.length)} of {formatCount(told.size)}, at version{" "}
            {formatCount(told.version)}{" "}
            {after.value !== "" && (
              <button type="button" onClick={() => page(after, "")}>
                First page
              </button>
            )}{" "}
            {told.next !== undefined && (
              <button type="button" onClick={() => page(after, told.next ?? "")}>
                Next page
              </button>
            )}
          </p>
        </>
      )}
    </section>
  );
}

function page(after: { value: string }, to: string): void {
  after.value = to;
}

/** The values of a key since one looks, the newest last. */
function remember(history: Map<string, Seen[]>, key: string, value: string): readonly Seen[] {
  const values = history.get(key) ?? [];
  if (values.at(-1)?.value === value) return values;
  const next = [...values, { value, at: Date.now() }].slice(-valuesMax);
  if (history.has(key) || history.size < keysMax) history.set(key, next);
  return next;
}
