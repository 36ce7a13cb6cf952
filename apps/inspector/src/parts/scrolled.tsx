import type { ComponentChildren } from "preact";

/** A list that scrolls by itself, also by keyboard. */
export function Scrolled(props: { readonly label: string; readonly children: ComponentChildren }) {
  return (
    <div class="scrolled" role="region" aria-label={props.label} tabIndex={0}>
      {props.children}
    </div>
  );
}
