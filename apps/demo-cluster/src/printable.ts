/** Text of a peer or a process, safe to show: no control, no bidirectional override, one line. */
export function printable(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}\p{Cn}]/gu, "\u{FFFD}");
}
