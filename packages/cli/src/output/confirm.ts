import { createInterface } from "node:readline/promises";
import { printable } from "@mosaik/primitives";
import { CliError, Interrupted } from "../errors.ts";
import type { Host } from "../host.ts";

/**
 * Asks before something is changed.
 *
 * @throws CliError with `CLI_NOT_CONFIRMED` where the answer is not yes, or nobody is there to ask.
 */
export async function confirm(
  host: Host,
  options: { readonly yes?: true | undefined },
  question: string,
): Promise<void> {
  if (options.yes) return;
  if (host.input.isTTY !== true || host.talk.isTTY !== true) {
    throw new CliError("CLI_NOT_CONFIRMED", "nobody is there to ask");
  }
  const terminal = createInterface({ input: host.input, output: host.talk });
  const interrupt = new AbortController();
  const signal = AbortSignal.any([host.signal, interrupt.signal]);
  // while it asks, Ctrl-C comes to it as a key
  terminal.once("SIGINT", () => interrupt.abort(new Interrupted("SIGINT", 130)));
  try {
    const answer = await terminal.question(`${printable(question)} [y/N] `, { signal });
    if (/^y(es)?$/i.test(answer.trim())) return;
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    terminal.close();
  }
  throw new CliError("CLI_NOT_CONFIRMED", "it was not confirmed");
}
