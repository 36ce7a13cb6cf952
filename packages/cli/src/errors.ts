import { MosaikError, type MosaikErrorInit } from "@mosaik/primitives";

export { Exit, exitCodes, Interrupted } from "./ends.ts";

/** What can go wrong in the command line itself. */
export type CliErrorCode =
  /** The arguments make no sense. */
  | "CLI_USAGE"
  /** A config file or a context is not what it should be. */
  | "CLI_BAD_CONFIG"
  /** Nobody said which network. */
  | "CLI_NO_NETWORK"
  /** Nobody said where to begin. */
  | "CLI_NO_SEED"
  /** What was named is not there. */
  | "CLI_NOT_FOUND"
  /** Several things go by that name. */
  | "CLI_AMBIGUOUS"
  /** A server that was named does not answer. */
  | "CLI_UNREACHABLE"
  /** It took longer than `--timeout`. */
  | "CLI_TIMEOUT"
  /** It needs a yes, and nobody is there to ask. */
  | "CLI_NOT_CONFIRMED"
  /** What was looked at is not as it should be. */
  | "CLI_UNHEALTHY"
  /** A ticket is not valid. */
  | "CLI_BAD_TICKET"
  /** A group has no leader. */
  | "CLI_NO_LEADER"
  /** A file cannot be read or written. */
  | "CLI_FILE"
  /** Something failed that nobody foresaw: here, or in the machine. */
  | "CLI_FAILED"
  /** The leadership that a command ran under was lost. */
  | "CLI_LEADERSHIP_LOST";

/** A failure of the command line itself. */
export class CliError extends MosaikError<CliErrorCode> {
  override readonly name: string = "CliError";
  /** What to do about it; more to the point than the page of the code. */
  readonly hint: string | undefined;

  constructor(code: CliErrorCode, message: string, init: MosaikErrorInit & { hint?: string } = {}) {
    super(code, message, init);
    this.hint = init.hint;
  }
}
