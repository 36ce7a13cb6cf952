import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough, Readable } from "node:stream";
import { type Host, run } from "@mosaik/cli";

/** What a command did. */
export interface Invoked {
  readonly exitCode: number;
  /** What it wrote to its output, and to the side. */
  readonly out: string;
  readonly talk: string;
}

/** What is around a command. */
export interface Surroundings {
  /** Whether it writes to a terminal of so many columns. Default: to none. */
  readonly columns?: number;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly input?: string;
  readonly signal?: AbortSignal;
  /** Told of everything that is written to the output. */
  readonly onOut?: (text: string) => void;
}

/** A folder of its own for whoever needs none in particular. */
export const emptyFolder: string = mkdtempSync(join(tmpdir(), "mosaik-cli-"));

/** Runs a command in this process, as the shell would in its own. */
export async function invoke(args: readonly string[], around: Surroundings = {}): Promise<Invoked> {
  const out = sink(around.columns, around.onOut);
  const talk = sink(around.columns);
  const host: Host = {
    input: Readable.from(around.input === undefined ? [] : [Buffer.from(around.input)]),
    output: out.stream,
    talk: talk.stream,
    env: { XDG_CONFIG_HOME: emptyFolder, ...around.env },
    cwd: around.cwd ?? emptyFolder,
    signal: around.signal ?? new AbortController().signal,
  };
  const exitCode = await run(args, host);
  return { exitCode, out: out.text(), talk: talk.text() };
}

function sink(columns: number | undefined, onText: (text: string) => void = () => {}) {
  const chunks: Buffer[] = [];
  const stream = new PassThrough();
  stream.on("data", (chunk: Buffer) => {
    chunks.push(chunk);
    onText(chunk.toString("utf8"));
  });
  const terminal = columns === undefined ? {} : { isTTY: true, columns };
  return {
    stream: Object.assign(stream, terminal),
    text: () => Buffer.concat(chunks).toString("utf8"),
  };
}
