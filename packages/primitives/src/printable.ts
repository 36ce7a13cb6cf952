const unprintable = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}\p{Cn}]/gu;

/** Text of a peer or a process, safe to show: no control, no bidirectional override, one line. */
export function printable(text: string): string {
  return text.replaceAll(unprintable, "\u{FFFD}");
}

/**
 * JSON that is safe to show and says the same: what {@link printable} would replace is escaped. Line
 * breaks between its parts stay.
 */
export function escapeUnprintable(json: string): string {
  return json.replaceAll(unprintable, (letter) => (letter === "\n" ? letter : escaped(letter)));
}

function escaped(letter: string): string {
  const units = Array.from({ length: letter.length }, (_, at) => letter.charCodeAt(at));
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, "0")}`).join("");
}
