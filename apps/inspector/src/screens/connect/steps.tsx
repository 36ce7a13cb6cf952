import { progress } from "../../shell/app.ts";
import { stepNames } from "../../shell/steps.ts";

const words = { done: "done", now: "in progress", trouble: "failed", ahead: "to come" } as const;

/** What it takes to join, step by step; the one that does not work says why. */
export function Steps() {
  const { step, trouble, final } = progress.value ?? { step: 0, trouble: undefined, final: false };
  const stateOf = (at: number): keyof typeof words => {
    if (at !== step) return at < step ? "done" : "ahead";
    return trouble === undefined ? "now" : "trouble";
  };
  return (
    <ol class="steps" aria-live="polite">
      {stepNames.map((name, at) => (
        <li key={name} class={stateOf(at)}>
          <span class="dot" aria-hidden="true" />
          <span>
            {name}
            <span class="unseen">: {words[stateOf(at)]}</span>
          </span>
          {at === step && trouble !== undefined && (
            <p role="alert">
              {trouble} {final ? "" : "It is tried again by itself."}
            </p>
          )}
        </li>
      ))}
    </ol>
  );
}
