/** What a process says with its end. */
export const exitCodes = {
  ok: 0,
  failed: 1,
  usage: 2,
  notFound: 3,
  unreachable: 4,
  noQuorum: 5,
  refused: 6,
  unhealthy: 7,
  timedOut: 124,
  interrupted: 130,
} as const;

/** The end that a signal asked for. */
export class Interrupted extends Error {
  override readonly name: string = "Interrupted";
  readonly exitCode: number;

  constructor(signal: string, exitCode: number) {
    super(`interrupted by ${signal}`);
    this.exitCode = exitCode;
  }
}

/** Ends a command with an exit code and nothing more to say. */
export class Exit extends Error {
  override readonly name: string = "Exit";
  readonly exitCode: number;

  constructor(exitCode: number) {
    super(`exit ${exitCode}`);
    this.exitCode = exitCode;
  }
}
