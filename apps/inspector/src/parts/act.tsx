import type { Action } from "@mosaik/transport";
import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { inspectionOf } from "../shell/app.ts";
import { route } from "../shell/route.ts";

/**
 * A button that has a node do something, after a confirmation that says what. Without the grant to
 * write it says so, and does nothing.
 */
export function Act<Input, Output>(props: {
  readonly peer: string;
  readonly action: Action<Input, Output>;
  readonly input: () => Input;
  readonly label: string;
  readonly question: string;
  /** What came of it, in words. */
  readonly told: (output: Output) => string;
  readonly children?: ComponentChildren;
}) {
  const { peer, action, input, label, question, told, children } = props;
  const isAsking = useSignal(false);
  const outcome = useSignal("");
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (isAsking.value) dialog.current?.showModal();
    else dialog.current?.close();
  }, [isAsking.value]);
  const inspection = inspectionOf(peer);
  const may =
    inspection?.grant === "write" &&
    inspection.actions.has(action.name) &&
    route.value.at === undefined;
  const act = async (): Promise<void> => {
    isAsking.value = false;
    outcome.value = "…";
    try {
      const output = await inspection?.act(action, input());
      outcome.value = output === undefined ? "" : told(output);
    } catch (error) {
      outcome.value = error instanceof Error ? error.message : String(error);
    }
  };
  const ask = (yes: boolean) => (): void => {
    isAsking.value = yes;
  };
  return (
    <span class="act">
      {children}
      <button
        type="button"
        disabled={!may}
        title={may ? undefined : "Takes an invite with the key to write"}
        onClick={ask(true)}
      >
        {label}
      </button>
      <span role="status">{outcome.value}</span>
      <dialog ref={dialog} aria-label={label} onClose={ask(false)}>
        <p>{question}</p>
        <p class="buttons">
          <button type="button" onClick={ask(false)}>
            Cancel
          </button>
          <button type="button" class="primary" onClick={() => void act()}>
            {label}
          </button>
        </p>
      </dialog>
    </span>
  );
}
