import { parseArgs } from "node:util";
import { benchBrowser, benchCases as browserCases } from "./browser/bench.ts";
import { benchCases as diagnosticsCases } from "./diagnostics/bench.ts";
import { figuresReport } from "./figures-report.ts";
import { benchGroups } from "./groups/bench.ts";
import { benchCases as groupCases } from "./groups/cases.ts";
import * as groupsReport from "./groups/report.ts";
import { help } from "./help.ts";
import type { BenchOptions } from "./options.ts";
import { runCases } from "./run-cases.ts";
import { benchCases as storeCases } from "./stores/bench.ts";
import { benchStreams } from "./streams/bench.ts";
import { benchCases as streamCases } from "./streams/cases.ts";
import * as streamsReport from "./streams/report.ts";

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
  const { json, quick, case: cases, side: sides, profile } = values;
  const options: BenchOptions = { quick, cases, sides, profile };
  switch (command) {
    case "list":
      for (const { name } of streamCases) console.log(`streams ${name}`);
      for (const { name } of groupCases) console.log(`groups ${name}`);
      for (const { name } of storeCases) console.log(`stores ${name}`);
      for (const { name } of diagnosticsCases) console.log(`diagnostics ${name}`);
      for (const { name } of browserCases) console.log(`browser ${name}`);
      return 0;
    case "streams":
      return exitCode(await benchStreams(options, printer(streamsReport, json)));
    case "groups":
      return exitCode(await benchGroups(options, printer(groupsReport, json)));
    case "stores":
      return exitCode(await runCases(storeCases, options, printer(figuresReport("stores"), json)));
    case "diagnostics":
      return exitCode(
        await runCases(diagnosticsCases, options, printer(figuresReport("diagnostics"), json)),
      );
    case "browser":
      return exitCode(await benchBrowser(options, printer(figuresReport("browser"), json)));
    default:
      throw new RangeError(`there is no bench '${command}'`);
  }
}

interface Report<Outcome> {
  readonly tableTitle: string;
  tableLine(outcome: Outcome): string;
  jsonLine(outcome: Outcome): string;
}

/** Prints each outcome as soon as it is there. */
function printer<Outcome>(report: Report<Outcome>, json: boolean): (outcome: Outcome) => void {
  let titled = json;
  return (outcome) => {
    if (!titled) console.log(report.tableTitle);
    titled = true;
    console.log(json ? report.jsonLine(outcome) : report.tableLine(outcome));
  };
}

function exitCode(allWell: boolean): number {
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
