import { expect, test } from "vitest";
import { Interrupted } from "../src/errors.ts";
import { invoke } from "./invoke.ts";
import { normalised } from "./transcript.ts";

/** Runs a node until it says where it listens, then has it end as `SIGTERM` does. */
async function transcript(args: readonly string[], columns?: number): Promise<string> {
  const stop = new AbortController();
  const { exitCode, out, talk } = await invoke([...args, "--network", "field"], {
    ...(columns === undefined ? {} : { columns }),
    env: { NO_COLOR: "1" },
    signal: stop.signal,
    onOut: (text) => {
      if (text.includes("invite")) stop.abort(new Interrupted("SIGTERM", 0));
    },
  });
  const said = normalised(`${out}--- on the side\n${talk}`, { nodes: [] });
  return `$ mosaik ${args.join(" ")}\n${said}exit ${exitCode}\n`;
}

test.each([
  ["node", ["--listen", "127.0.0.1:0"]],
  ["relay", ["--listen", "127.0.0.1:0", "--max-reservations", "16"]],
])("%s says where it is, and leaves in order", async (command, options) => {
  const transcripts = [
    await transcript([command, ...options], 200),
    await transcript([command, ...options, "--json"]),
  ];
  await expect(transcripts.join("\n")).toMatchFileSnapshot(`golden/${command}.txt`);
});
