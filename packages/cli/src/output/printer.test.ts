import { PassThrough } from "node:stream";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Host } from "../host.ts";
import { formats } from "../settings/common-options.ts";
import { Printer, say } from "./printer.ts";

/** What steers a terminal: control characters but the end of a line, formatting, surrogates. */
const steering = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u;
const hostile = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.constantFrom(
    "\u001b[2J\u001b]0;owned\u0007",
    "\u009b31m",
    "\u202egnp.exe\u2066",
    "a\r\nb\u0008\u2028",
    "\u001b]8;;http://evil\u001b\\click\u001b]8;;\u001b\\",
    "\u{E0041}\u{FEFF}\u200d",
  ),
);

function terminal(columns: number): { readonly host: Host; readonly written: () => string } {
  const output = Object.assign(new PassThrough(), { isTTY: true, columns });
  const chunks: Buffer[] = [];
  output.on("data", (chunk: Buffer) => chunks.push(chunk));
  const host: Host = {
    input: new PassThrough(),
    output,
    talk: output,
    env: { NO_COLOR: "1" },
    cwd: ".",
    signal: new AbortController().signal,
  };
  return { host, written: () => Buffer.concat(chunks).toString("utf8") };
}

test("whatever peers say, nothing that steers a terminal is printed, in any format", () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ id: hostile, name: hostile }), { maxLength: 4 }),
      fc.constantFrom(...formats),
      fc.integer({ min: 10, max: 200 }),
      (rows, output, columns) => {
        const { host, written } = terminal(columns);
        const printer = new Printer(host, { color: true, output });
        const shown = [
          { title: "ID", of: (row: { id: string }) => row.id },
          { title: "NAME", of: (row: { name: string }) => row.name },
        ];
        printer.list("rows", rows, shown);
        for (const row of rows) {
          printer.item(
            row,
            () => [{ text: row.name }],
            () => row.name,
          );
          printer.one(row, () => [[{ text: row.id }]], row.id);
          say(host, {}, row.name);
        }
        expect(written().replaceAll("\n", "")).not.toMatch(steering);
      },
    ),
  );
});

test("JSON says the same as was said", () => {
  fc.assert(
    fc.property(hostile, (name) => {
      const { host, written } = terminal(80);
      new Printer(host, { color: true, json: true }).one({ name }, () => []);
      expect(JSON.parse(written())).toEqual({ v: 1, name: JSON.parse(JSON.stringify(name)) });
    }),
  );
});
