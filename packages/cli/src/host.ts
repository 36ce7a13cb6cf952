/** What a command writes to. */
export type Sink = NodeJS.WritableStream & {
  readonly isTTY?: boolean;
  readonly columns?: number;
};

/** The world around a command: tests put their own in its place. */
export interface Host {
  readonly input: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  /** For data, and nothing else. */
  readonly output: Sink;
  /** For talk: hints, warnings, errors, questions. */
  readonly talk: Sink;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Where `mosaik.config.json` is looked for, and relative paths begin. */
  readonly cwd: string;
  /** Aborts when the command is to end; the reason is an `Interrupted`. */
  readonly signal: AbortSignal;
}

/** The host of this process. */
export function processHost(signal: AbortSignal): Host {
  const { stdin: input, stdout: output, stderr: talk, env } = process;
  return { input, output, talk, env, cwd: process.cwd(), signal };
}
