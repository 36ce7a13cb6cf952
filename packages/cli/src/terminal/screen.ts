/** The terminal's screen while the dashboard has it. */
export interface Screen {
  readonly columns: number;
  readonly rows: number;
  /** Shows lines; what did not change is not sent again. */
  draw(lines: readonly string[]): void;
  /** Gives the terminal back as it was. Idempotent. */
  close(): void;
}

const enter = "\u001b[?1049h\u001b[?25l\u001b[2J";
const leave = "\u001b[0m\u001b[?25h\u001b[?1049l";

/** Takes the screen over: alternate buffer, no cursor. Gives it back at the latest when the process ends. */
export function openScreen(output: NodeJS.WriteStream): Screen {
  let shown: readonly string[] = [];
  let open = true;
  const close = (): void => {
    if (!open) return;
    open = false;
    process.off("exit", close).off("uncaughtExceptionMonitor", close);
    output.off("resize", forget);
    output.write(leave);
  };
  const forget = (): void => {
    shown = [];
    if (open) output.write("\u001b[2J");
  };
  // What an error has to say must not be lost with the alternate buffer.
  process.once("exit", close).once("uncaughtExceptionMonitor", close);
  output.on("resize", forget);
  output.write(enter);
  return {
    get columns() {
      return output.columns || 80;
    },
    get rows() {
      return output.rows || 24;
    },
    draw(lines) {
      if (!open) return;
      const changes = lines.flatMap((line, index) =>
        line === shown[index] ? [] : `\u001b[${index + 1};1H${line}\u001b[K`,
      );
      shown = lines;
      if (changes.length > 0) output.write(changes.join(""));
    },
    close,
  };
}
