/** A command of a scenario. */
export interface Command {
  /** Its first word. */
  readonly name: string;
  /** The words after it without `=`. */
  readonly args: readonly string[];
  /** The words after it with `=`: `from=1` is `from`, `1`. */
  readonly options: ReadonlyMap<string, string>;
  /** The lines after the first. */
  readonly body: readonly string[];
}

/** Runs one command of a scenario and returns what it prints. */
export type RunCommand = (command: Command) => string | Promise<string>;

/**
 * Runs a scenario and returns it with the outputs as they are now. A scenario is a text of blocks
 * with an empty line between them: a command (its first line; more lines are its body), a line
 * `----`, and the output. Lines that begin with `#` are comments. Outputs keep no empty lines.
 *
 * @throws what a command throws.
 * @example
 * ```ts
 * import { runScenario } from "@mosaik/testing";
 *
 * const text = "# sums\nadd 1 2\n----\n4\n";
 * console.log(await runScenario(text, ({ args }) => `${Number(args[0]) + Number(args[1])}`));
 * ```
 */
export async function runScenario(text: string, run: RunCommand): Promise<string> {
  const blocks: string[] = [];
  for (const block of text.split(/\n\s*\n/)) {
    if (block.trim() !== "") blocks.push(await runBlock(block.trim(), run));
  }
  return `${blocks.join("\n\n")}\n`;
}

async function runBlock(block: string, run: RunCommand): Promise<string> {
  const head = (block.split(/^----$/m)[0] ?? "").trim();
  const lines = head.split("\n").filter((line) => !line.startsWith("#"));
  if (lines.length === 0) return block;
  const output = await run(parseCommand(lines));
  return `${head}\n----\n${output.replaceAll(/\n\s*\n/g, "\n").trimEnd()}`.trimEnd();
}

function parseCommand(lines: readonly string[]): Command {
  const [first = "", ...body] = lines;
  const [name = "", ...words] = first.trim().split(/\s+/);
  const options = new Map<string, string>();
  const args: string[] = [];
  for (const word of words) {
    const at = word.indexOf("=");
    if (at > 0) options.set(word.slice(0, at), word.slice(at + 1));
    else args.push(word);
  }
  return { name, args, options, body };
}
