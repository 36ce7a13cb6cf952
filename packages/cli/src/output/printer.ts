import { escapeUnprintable, printable } from "@mosaik/primitives";
import type { Host } from "../host.ts";
import type { formats, PrintOptions } from "../settings/common-options.ts";
import { type Line, paint } from "../terminal/text.ts";
import { type Column, layOut } from "./table.ts";

/** How data is written. */
export type Format = (typeof formats)[number];

/** Facts as they are printed in JSON: `v`, the version of their form, is added. */
export type Facts = Readonly<Record<string, unknown>>;

/**
 * Prints data: for people on a terminal, for programs elsewhere. Whatever peers say is made harmless
 * here, whichever way it is printed.
 */
export class Printer {
  readonly format: Format;
  readonly #host: Host;
  readonly #color: boolean;

  /** @param piped - what is printed where nobody said how, and the output is no terminal. */
  constructor(host: Host, options: PrintOptions, piped: Format = "json") {
    this.#host = host;
    this.format =
      options.json === true
        ? "json"
        : (options.output ?? (host.output.isTTY === true ? "table" : piped));
    const { NO_COLOR, TERM } = host.env;
    this.#color = host.output.isTTY === true && options.color && !NO_COLOR && TERM !== "dumb";
  }

  /** Columns of the terminal. */
  get columns(): number {
    return this.#host.output.columns ?? Number.POSITIVE_INFINITY;
  }

  /** Many things of one kind, a row each. */
  list<Row extends Facts>(
    name: string,
    rows: readonly Row[],
    columns: readonly Column<Row>[],
  ): void {
    if (this.format === "json") this.#json({ v: 1, [name]: rows });
    else if (this.format === "ndjson") for (const row of rows) this.#json({ v: 1, ...row });
    else if (this.format === "value") for (const row of rows) this.#valueOf(row, columns);
    else this.lines(layOut(rows, columns, this.columns));
  }

  /** One thing. */
  one(facts: Facts, lines: () => readonly Line[], value?: string): void {
    if (this.format === "value" && value !== undefined) this.value(value);
    else if (this.format === "table" || this.format === "value") this.lines(lines());
    else this.#json({ v: 1, ...facts });
  }

  /** One text that is there to be copied: whole, however narrow the terminal is. */
  whole(facts: Facts, text: string): void {
    if (this.format === "table" || this.format === "value") this.value(text);
    else this.#json({ v: 1, ...facts });
  }

  /** One of many things that come one after the other. */
  item(facts: Facts, line: () => Line, value?: () => string): void {
    if (this.format === "value" && value !== undefined) this.value(value());
    else if (this.format === "table" || this.format === "value") this.lines([line()]);
    else this.#json({ v: 1, ...facts });
  }

  /** Lines for people. */
  lines(lines: readonly Line[]): void {
    const { TERM } = this.#host.env;
    const ellipsis = TERM === "dumb" ? "~" : "…";
    const text = lines.map((line) => `${paint(line, this.columns, this.#color).trimEnd()}\n`);
    this.#write(text.join("").replaceAll("…", ellipsis));
  }

  /** A bare value, as it is where nobody's terminal can be steered by it. */
  value(value: string | Uint8Array): void {
    if (this.#host.output.isTTY !== true) {
      this.#host.output.write(value);
      if (typeof value === "string") this.#write("\n");
      return;
    }
    const text = typeof value === "string" ? value : new TextDecoder().decode(value);
    this.#write(`${text.split("\n").map(printable).join("\n")}\n`);
  }

  #valueOf<Row extends Facts>(row: Row, [first]: readonly Column<Row>[]): void {
    if (first !== undefined) this.value(first.full?.(row) ?? first.of(row));
  }

  #json(value: Facts): void {
    this.#write(`${escapeUnprintable(JSON.stringify(value, plain))}\n`);
  }

  #write(text: string): void {
    this.#host.output.write(text);
  }
}

/** What JSON has no form for, in one that it has. */
function plain(_: string, value: unknown): unknown {
  if (typeof value === "bigint") return value.toString();
  if (value instanceof Uint8Array) return Buffer.from(value).toString("base64");
  if (value instanceof Map) return Object.fromEntries(value);
  if (value instanceof Set) return [...value];
  return value;
}

/** A line of talk: hints and warnings, for people, on the side. */
export function say(
  host: Host,
  options: { readonly quiet?: true | undefined },
  text: string,
): void {
  if (options.quiet !== true) host.talk.write(`${text.split("\n").map(printable).join("\n")}\n`);
}
