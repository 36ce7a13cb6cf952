import { CliError } from "../errors.ts";

/** Whether an item is wanted. */
export type Where = (item: unknown) => boolean;

const form = /^\s*(\.|[\w$-]+(?:\.[\w$-]+)*)\s*(==|!=|>=|<=|>|<)\s*(.+?)\s*$/s;

/**
 * A condition on items, as `celsius >= 21`, `sensor.id == "a"` or `. != 3`: the path of a field, `.` for
 * the item itself, a comparison, and a value, JSON or a text that stands for itself. Only numbers are
 * greater or less than numbers, and only texts than texts.
 *
 * @throws CliError with `CLI_USAGE` where it is none.
 */
export function parseWhere(text: string): Where {
  const [, path, comparison, value] = form.exec(text) ?? [];
  if (path === undefined || comparison === undefined || value === undefined) {
    const hint = "--where 'celsius >= 21'";
    throw new CliError("CLI_USAGE", `'${text}' is no condition`, { hint });
  }
  const names = path === "." ? [] : path.split(".");
  const wanted = wantedOf(value);
  return (item) => holds(fieldOf(item, names), comparison, wanted);
}

function wantedOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function fieldOf(item: unknown, names: readonly string[]): unknown {
  let field = item;
  for (const name of names) {
    if (typeof field !== "object" || field === null || !Object.hasOwn(field, name))
      return undefined;
    field = (field as Record<string, unknown>)[name]; // it has it
  }
  return field;
}

function holds(field: unknown, comparison: string, wanted: unknown): boolean {
  if (comparison === "==") return field === wanted;
  if (comparison === "!=") return field !== wanted;
  const areNumbers = typeof field === "number" && typeof wanted === "number";
  const areTexts = typeof field === "string" && typeof wanted === "string";
  if (!areNumbers && !areTexts) return false;
  if (field === wanted) return comparison === ">=" || comparison === "<=";
  return field > wanted === comparison.startsWith(">");
}
