/** Characters of a peer's text that are shown, unless asked for more. */
export const legibleMax = 120;

// Controls, marks that turn the direction of text, characters without width, line separators.
const invisible =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: those are what is looked for
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|\p{Cs}|[\u{e0000}-\u{e007f}]/gu;

/**
 * What a peer said, made fit to be seen: characters that are invisible, or that change how others
 * look, are named; more than two combining marks in a row and what is too long is cut.
 */
export function legible(text: string, max: number = legibleMax): string {
  const start = text.slice(0, 2 * max + 8);
  const named = start
    .replace(/(\p{M}{2})\p{M}+/gu, "$1")
    .replace(invisible, (mark) => `‹${(mark.codePointAt(0) ?? 0).toString(16).padStart(4, "0")}›`);
  const letters = [...named];
  if (letters.length <= max && start.length === text.length) return named;
  return `${letters.slice(0, max - 1).join("")}…`;
}
