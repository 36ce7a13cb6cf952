import { CommanderError } from "@commander-js/extra-typings";
import { escapeUnprintable, isMosaikError, printable } from "@mosaik/primitives";
import { CliError, Exit, Interrupted } from "../errors.ts";
import { pageOf } from "../explain/pages.ts";
import type { Host } from "../host.ts";
import type { PrintOptions } from "../settings/common-options.ts";

/** Says on the side what went wrong, what to try, and where to read more. */
export async function reportError(
  host: Host,
  error: unknown,
  asked: { readonly args: readonly string[]; readonly options: Asked | undefined },
): Promise<void> {
  if (error instanceof Exit || error instanceof Interrupted) return;
  const { code, message, hint } = describe(error);
  if (isJson(host, asked)) {
    const said = { v: 1, error: { code, message, ...(hint === undefined ? {} : { try: hint }) } };
    host.talk.write(`${escapeUnprintable(JSON.stringify(said))}\n`);
    return;
  }
  host.talk.write(`error[${code}]: ${printable(message)}\n`);
  if (hint !== undefined) host.talk.write(`try: ${printable(hint)}\n`);
  if (pageOf(code) !== undefined) host.talk.write(`docs: mosaik explain ${code}\n`);
}

/** How output was asked for, as the options of a command say. */
type Asked = Pick<PrintOptions, "json" | "output">;

/** As the command was told, whatever told it; as the line and the environment say where it did not begin. */
function isJson(
  { env }: Host,
  { args, options }: { readonly args: readonly string[]; readonly options: Asked | undefined },
): boolean {
  if (options?.json || /json$/.test(options?.output ?? "")) return true;
  if (options !== undefined) return false;
  const isSaid = args.some(
    (arg, at) => /^(-o|--output)$/.test(arg) && /json$/.test(args[at + 1] ?? ""),
  );
  const { MOSAIK_JSON = "", MOSAIK_OUTPUT = "" } = env;
  return (
    isSaid ||
    args.includes("--json") ||
    /^(1|true)$/.test(MOSAIK_JSON) ||
    /json$/.test(MOSAIK_OUTPUT)
  );
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
  if (error instanceof RangeError) {
    return { code: "CLI_USAGE", message: error.message, hint: "add --help to see what there is" };
  }
  const message = error instanceof Error ? error.message : String(error);
  return { code: "CLI_FAILED", message, hint: pageOf("CLI_FAILED")?.hint };
}
