/** What a key press asks for. */
export type KeyCommand =
  | "kill"
  | "restart"
  | "pause"
  | "partition"
  | "add"
  | "up"
  | "down"
  | "quit"
  | "interrupt";

const commands: ReadonlyMap<string, KeyCommand> = new Map([
  ["k", "kill"],
  ["r", "restart"],
  ["p", "pause"],
  ["x", "partition"],
  ["a", "add"],
  ["q", "quit"],
  ["\u001b[A", "up"],
  ["\u001bOA", "up"],
  ["\u001b[B", "down"],
  ["\u001bOB", "down"],
  ["\u0003", "interrupt"],
]);

// biome-ignore lint/suspicious/noControlCharactersInRegex: a terminal sends keys as these
const press = /\u001b(?:\[[0-9;]*[ -/]*[@-~]|O[@-~]|[^[O])?|./gsu;

/** The commands of what a terminal sent; keys without a meaning are left out. */
export function parseKeys(input: string): KeyCommand[] {
  return [...input.matchAll(press)].flatMap(
    ([key]) => commands.get(key.toLowerCase()) ?? commands.get(key) ?? [],
  );
}
