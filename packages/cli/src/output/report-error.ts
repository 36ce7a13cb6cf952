import { CommanderError } from "@commander-js/extra-typings";
import { escapeUnprintable, isMosaikError, printable } from "@mosaik/primitives";
import { CliError, Exit, Interrupted } from "../errors.ts";
import { pageOf } from "../explain/pages.ts";
import type { Host } from "../host.ts";

/** Says on the side what went wrong, what to try, and where to read more. */
export async function reportError(
  host: Host,
  error: unknown,
  args: readonly string[],
): Promise<void> {
  if (error instanceof Exit || error instanceof Interrupted) return;
  const { code, message, hint } = describe(error);
  if (args.includes("--json") || isJson(args)) {
    const said = { v: 1, error: { code, message, ...(hint === undefined ? {} : { try: hint }) } };
    host.talk.write(`${escapeUnprintable(JSON.stringify(said))}\n`);
    return;
  }
  host.talk.write(`error[${code}]: ${printable(message)}\n`);
  if (hint !== undefined) host.talk.write(`try: ${printable(hint)}\n`);
  if (pageOf(code) !== undefined) host.talk.write(`docs: mosaik explain ${code}\n`);
}

function isJson(args: readonly string[]): boolean {
  return args.some((arg, at) => /^(-o|--output)$/.test(arg) && /json$/.test(args[at + 1] ?? ""));
}

interface Described {
  readonly code: string;
  readonly message: string;
  readonly hint: string | undefined;
}

function describe(error: unknown): Described {
  if (error instanceof CommanderError) {
    const message = /^\(outputHelp\)$/.test(error.message)
      ? "which command of these?"
      : error.message.replace(/^error: /, "").replaceAll("\n", " ");
    return { code: "CLI_USAGE", message, hint: "add --help to see what there is" };
  }
  if (isMosaikError(error)) {
    const own = error instanceof CliError ? error.hint : undefined;
    return { code: error.code, message: error.message, hint: own ?? pageOf(error.code)?.hint };
  }
  if (error instanceof RangeError || error instanceof TypeError) {
    return { code: "CLI_USAGE", message: error.message, hint: "add --help to see what there is" };
  }
  const message = error instanceof Error ? error.message : String(error);
  return { code: "CLI_FAILED", message, hint: undefined };
}
