import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough, Readable } from "node:stream";
import { type Host, run } from "@mosaik/cli";
import { Interrupted } from "../src/errors.ts";

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
  /** Ends it once it has written this, as Ctrl-C does (default) or as `SIGTERM`. */
  readonly until?: RegExp;
  readonly by?: "SIGINT" | "SIGTERM";
  /** Told of everything that is written to the output. */
  readonly onOut?: (text: string) => void;
}

/** A folder of its own for whoever needs none in particular. */
export const emptyFolder: string = mkdtempSync(join(tmpdir(), "mosaik-cli-"));

/** Runs a command in this process, as the shell would in its own. */
export async function invoke(args: readonly string[], around: Surroundings = {}): Promise<Invoked> {
  const stop = new AbortController();
  const { until, by = "SIGINT", signal = stop.signal } = around;
  const end = new Interrupted(by, by === "SIGINT" ? 130 : 0);
  const out = sink(around.columns, (text) => {
    around.onOut?.(text);
    if (until?.test(out.text())) stop.abort(end);
  });
  const talk = sink(around.columns);
  const host: Host = {
    input: Readable.from(around.input === undefined ? [] : [Buffer.from(around.input)]),
    output: out.stream,
    talk: talk.stream,
    env: { XDG_CONFIG_HOME: emptyFolder, ...around.env },
    cwd: around.cwd ?? emptyFolder,
    signal,
  };
  const exitCode = await run(args, host);
  return { exitCode, out: out.text(), talk: talk.text() };
}

interface TestSink {
  readonly stream: Host["output"];
  readonly text: () => string;
}

function sink(columns: number | undefined, onText: (text: string) => void = () => {}): TestSink {
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
