/** Whether an item, as JSON, is asked for. */
export type ItemFilter = (json: string) => boolean;

/** What each comparison asks of two values, and of their order: `NaN` where they have none. */
const tests: Readonly<Record<string, (value: unknown, wanted: unknown, order: number) => boolean>> =
  {
    "==": (value, wanted) => value === wanted,
    "!=": (value, wanted) => value !== wanted,
    "<": (_value, _wanted, order) => order < 0,
    ">": (_value, _wanted, order) => order > 0,
    "<=": (_value, _wanted, order) => order <= 0,
    ">=": (_value, _wanted, order) => order >= 0,
  };

/** A field with its path, how it is compared, and with what: `sensor.id == "a"`. */
const comparison = /^([\p{L}\p{N}_$.-]+)\s*(==|!=|<=|>=|<|>)\s*(.+)$/u;

/**
 * What a line asks for: comparisons of fields and texts that occur, all of which must hold, divided
 * by `&&`, such as `id == "a" && celsius > 30`. What is compared with is JSON, or else a text as it
 * stands. An item that was cut has its text, but no fields.
 */
export function itemFilter(line: string): ItemFilter {
  const terms = line.split("&&").flatMap((term) => {
    const trimmed = term.trim();
    return trimmed === "" ? [] : [termOf(trimmed)];
  });
  return (json) => {
    const item = parsed(json);
    return terms.every((holds) => holds(json, item));
  };
}

function termOf(term: string): (json: string, item: unknown) => boolean {
  const [, path = "", operator = "", literal = ""] = comparison.exec(term) ?? [];
  const test = tests[operator];
  const text = term.toLowerCase();
  if (test === undefined) return (json) => json.toLowerCase().includes(text);
  const json = parsed(literal);
  const wanted = json === undefined ? literal : json;
  return (_, item) => {
    const value = fieldOf(item, path);
    return item !== undefined && test(value, wanted, orderOf(value, wanted));
  };
}

function fieldOf(item: unknown, path: string): unknown {
  let at: unknown = item;
  for (const name of path.split(".")) {
    if (typeof at !== "object" || at === null || !Object.hasOwn(at, name)) return undefined;
    at = (at as Readonly<Record<string, unknown>>)[name]; // it has it
  }
  return at;
}

function orderOf(value: unknown, wanted: unknown): number {
  if (typeof value === "number" && typeof wanted === "number") return value - wanted;
  if (typeof value !== "string" || typeof wanted !== "string") return Number.NaN;
  return value < wanted ? -1 : value > wanted ? 1 : 0;
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
