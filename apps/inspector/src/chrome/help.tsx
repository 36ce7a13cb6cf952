import { useEffect, useRef } from "preact/hooks";
import { screens } from "../screens/index.ts";
import { helpOpen } from "./keys.ts";

const others = [
  ["/", "Search"],
  ["?", "This help"],
  ["t", "Topology: graph or table"],
  ["← ↑ → ↓", "Graph: to the nearest node that way"],
  ["Enter", "Graph: select; with Shift, compare with the selected one"],
  ["p", "Graph: pin a node where it is"],
] as const;

function closeHelp(): void {
  helpOpen.value = false;
}

/** The keys, in a dialog. */
export function Help() {
  const dialog = useRef<HTMLDialogElement>(null);
  const isOpen = helpOpen.value;
  useEffect(() => {
    if (isOpen) dialog.current?.showModal();
    else dialog.current?.close();
  }, [isOpen]);
  return (
    <dialog ref={dialog} aria-labelledby="help-title" onClose={closeHelp}>
      <h2 id="help-title">Keys</h2>
      <dl class="keys">
        {screens.map(({ key, title }) =>
          key === undefined ? null : <Row key={title} keys={`g ${key}`} what={title} />,
        )}
        {others.map(([keys, what]) => (
          <Row key={keys} keys={keys} what={what} />
        ))}
      </dl>
      <button type="button" onClick={closeHelp}>
        Close
      </button>
    </dialog>
  );
}

function Row({ keys, what }: { readonly keys: string; readonly what: string }) {
  return (
    <div>
      <dt>
        <kbd>{keys}</kbd>
      </dt>
      <dd>{what}</dd>
    </div>
  );
}
