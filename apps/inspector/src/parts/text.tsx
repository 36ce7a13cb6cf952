import { legible } from "../model/legible.ts";

/** What a peer said: only ever text, whatever it contains, and never wider than its place. */
export function Said({ text, max }: { readonly text: string; readonly max?: number }) {
  return <bdi class="said">{legible(text, max)}</bdi>;
}

/** An id: its beginning, the whole of it on the pointer, and a button that copies it. */
export function Id({ id, letters = 8 }: { readonly id: string; readonly letters?: number }) {
  const copy = (): void => void navigator.clipboard.writeText(id).catch(() => {});
  return (
    <span class="id" title={legible(id, 160)}>
      <code>{legible(id.slice(0, letters))}</code>
      <button
        type="button"
        class="quiet"
        aria-label={`Copy the id ${legible(id.slice(0, letters))}`}
        onClick={copy}
      >
        <svg viewBox="0 0 16 16" width="14" height="14" aria-hidden="true">
          <path class="copy" d="M5.5 5.5h8v8h-8zM10.5 5.5v-3h-8v8h3" />
        </svg>
      </button>
    </span>
  );
}
