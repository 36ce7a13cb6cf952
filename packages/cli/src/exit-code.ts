import { CommanderError } from "@commander-js/extra-typings";
import { isMosaikError } from "@mosaik/primitives";
import { type CliErrorCode, Exit, exitCodes, Interrupted } from "./errors.ts";

const byCode: Readonly<Record<string, number>> = {
  ...({
    CLI_USAGE: exitCodes.usage,
    CLI_BAD_CONFIG: exitCodes.usage,
    CLI_NO_NETWORK: exitCodes.usage,
    CLI_NO_SEED: exitCodes.usage,
    CLI_AMBIGUOUS: exitCodes.usage,
    CLI_NOT_CONFIRMED: exitCodes.usage,
    CLI_FILE: exitCodes.failed,
    CLI_FAILED: exitCodes.failed,
    CLI_NOT_FOUND: exitCodes.notFound,
    CLI_NO_LEADER: exitCodes.noQuorum,
    CLI_LEADERSHIP_LOST: exitCodes.noQuorum,
    CLI_BAD_TICKET: exitCodes.refused,
    CLI_UNHEALTHY: exitCodes.unhealthy,
    CLI_UNREACHABLE: exitCodes.unreachable,
    CLI_TIMEOUT: exitCodes.timedOut,
  } satisfies Record<CliErrorCode, number>),
  NETWORK_BAD_ADDRESS: exitCodes.usage,
  NETWORK_BAD_INVITE: exitCodes.usage,
  GROUP_BAD_KEY: exitCodes.usage,
  NETWORK_UNREACHABLE: exitCodes.unreachable,
  NETWORK_UNKNOWN_PEER: exitCodes.unreachable,
  NETWORK_HANDSHAKE_TIMEOUT: exitCodes.unreachable,
  NETWORK_NO_CAPACITY: exitCodes.unreachable,
  CHANNEL_CLOSED: exitCodes.unreachable,
  GROUP_NO_QUORUM: exitCodes.noQuorum,
  NETWORK_DIFFERENT: exitCodes.refused,
  NETWORK_WRONG_SECRET: exitCodes.refused,
  NETWORK_INCOMPATIBLE: exitCodes.refused,
  DIAGNOSTICS_REFUSED: exitCodes.refused,
  CHANNEL_UNSUPPORTED_PROTOCOL: exitCodes.refused,
};

/** The exit code of whatever ended a command. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof Exit || error instanceof Interrupted) return error.exitCode;
  if (error instanceof CommanderError) {
    const isHelp = error.code === "commander.helpDisplayed" || error.code === "commander.version";
    return isHelp ? exitCodes.ok : exitCodes.usage;
  }
  if (isMosaikError(error)) return byCode[error.code] ?? exitCodes.failed;
  if (error instanceof RangeError) return exitCodes.usage;
  return exitCodes.failed;
}
