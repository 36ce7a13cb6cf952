import { CliError } from "../errors.ts";

/**
 * The value of an option that a command cannot do without, from whatever source.
 *
 * @throws CliError with `CLI_USAGE`.
 */
export function needed<Value>(value: Value | undefined, option: string): Value {
  if (value !== undefined) return value;
  throw new CliError("CLI_USAGE", `${option} is needed`);
}
