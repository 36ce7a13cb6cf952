import { parseArgs } from "node:util";
import { help } from "./help.ts";
import { benchStreams } from "./streams/bench.ts";
import { benchCases } from "./streams/cases.ts";
import type { Outcome } from "./streams/measure.ts";
import { jsonLine, tableLine, tableTitle } from "./streams/report.ts";

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      json: { type: "boolean", default: false },
      quick: { type: "boolean", default: false },
      case: { type: "string", multiple: true, default: [] },
      side: { type: "string", multiple: true, default: [] },
      profile: { type: "string" },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  const [command = "help", ...rest] = positionals;
  if (rest.length > 0) throw new RangeError(`too many words: ${rest.join(" ")}`);
  if (values.help || command === "help") {
    console.log(help);
    return 0;
  }
  if (command === "list") {
    for (const { name } of benchCases) console.log(name);
    return 0;
  }
  if (command !== "streams") throw new RangeError(`there is no bench '${command}'`);
  let titled = values.json;
  const show = (outcome: Outcome): void => {
    if (!titled) console.log(tableTitle);
    titled = true;
    console.log(values.json ? jsonLine(outcome) : tableLine(outcome));
  };
  const allWell = await benchStreams(
    { quick: values.quick, cases: values.case, sides: values.side, profile: values.profile },
    show,
  );
  return allWell ? 0 : 1;
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    const usage = error instanceof RangeError || error instanceof TypeError;
    console.error(usage ? `${error.message}\nSee: pnpm bench help` : error);
    process.exitCode = 2;
  },
);
