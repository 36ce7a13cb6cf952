import { isCancel, select, text } from "@clack/prompts";
import { Interrupted } from "../errors.ts";
import type { Host } from "../host.ts";
import type { Choice, PackageTool } from "./init.ts";
import type { Template } from "./templates.ts";

/** What is known of the choice already. */
type Known = { readonly [Name in keyof Choice]: Choice[Name] | undefined };

/** Asks for what the command line does not say. */
export async function ask(host: Host, known: Known): Promise<Choice> {
  const streams = {
    input: host.input as NodeJS.ReadStream, // a terminal: that was looked at
    output: host.output as NodeJS.WriteStream,
    signal: host.signal,
  };
  const dir =
    known.dir ??
    answered(
      await text({
        ...streams,
        message: "Into which folder?",
        placeholder: "hello-mosaik",
        defaultValue: "hello-mosaik",
      }),
    );
  const template =
    known.template ??
    answered(
      await select<Template>({
        ...streams,
        message: "What should it show?",
        options: [
          { value: "stream", label: "stream", hint: "who hears whom" },
          { value: "group", label: "group", hint: "three that elect a leader" },
          { value: "store", label: "store", hint: "a map that all of them have" },
          { value: "browser", label: "browser", hint: "a page that is a node" },
        ],
      }),
    );
  const pm =
    known.pm ??
    answered(
      await select<PackageTool>({
        ...streams,
        message: "What installs its packages?",
        options: (["npm", "pnpm", "yarn", "bun"] as const).map((value) => ({ value })),
      }),
    );
  return { dir, template, pm };
}

function answered<Answer>(answer: Answer): Exclude<Answer, symbol> {
  if (isCancel(answer)) throw new Interrupted("SIGINT", 130);
  return answer as Exclude<Answer, symbol>; // what is no cancellation is the answer
}
