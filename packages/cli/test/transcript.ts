import { expect } from "vitest";
import type { ClusterNode } from "./cluster.ts";
import { emptyFolder, type Invoked, invoke, type Surroundings } from "./invoke.ts";

const times =
  "rttMs|uptimeMs|signedAt|clockAheadMs|at|tookMs|epoch|minMs|meanMs|maxMs|items|bytes|itemsPerSecond|term|commit|" +
  "sequence|celsius|commands|commandsPerSecond|bytesPerSecond|p50Ms|p99Ms|startedMs|convergedMs|exp|iat|expiresAt";

/** Figures in the cells of a table. */
const cells = /(?<= {2})\d+( [kM]?B)?(?= {2}|$)/gm;

/** A node with a name that stays the same. */
type Named = Pick<ClusterNode, "name" | "peer">;

/** Where commands run: in a cluster, or in none. */
export interface Site {
  readonly nodes: readonly Named[];
  /** What joins it. */
  readonly join: readonly string[];
}

/** A command without a network. */
export const nowhere: Site = { nodes: [], join: [] };

/** A run of a command, and what is around it. */
export interface Run extends Surroundings {
  readonly args: readonly string[];
  /** What of its output is shown. Default: all. */
  readonly show?: (out: string) => string;
  /** Its lines come in any order. */
  readonly sorted?: true;
}

/**
 * Holds a command's transcripts against what was seen before: of runs on a terminal, and of the first
 * one once more for programs, as JSON, where none is so.
 */
export async function golden(
  site: Site,
  name: string,
  ...given: readonly (Run | readonly string[])[]
): Promise<void> {
  const runs = given.map((one): Run => ("args" in one ? one : { args: one }));
  const transcripts: string[] = [];
  for (const one of runs) transcripts.push(await transcript(site, { columns: 200, ...one }));
  const [first] = runs;
  if (first !== undefined && !runs.some(({ args }) => args.includes("--json"))) {
    const args = withOptions(first.args, ["--json"]);
    transcripts.push(await transcript(site, { ...first, args }));
  }
  await expect(transcripts.join("\n")).toMatchFileSnapshot(`golden/${name}.txt`);
}

/** A command, and all that came of it, without what differs from run to run. */
async function transcript(site: Site, run: Run): Promise<string> {
  const shown = run.args.map((arg) => (/[\s"{]/.test(arg) ? `'${arg}'` : arg)).join(" ");
  const args = run.args.includes("--network") ? run.args : withOptions(run.args, site.join);
  const env = { NO_COLOR: "1", ...run.env };
  const invoked = await invoke(args, { ...run, env });
  return `$ mosaik ${normalised(shown, site.nodes)}\n${text(site, run, invoked)}`;
}

/** What stands after `--` is another's. */
function withOptions(args: readonly string[], options: readonly string[]): readonly string[] {
  const at = args.includes("--") ? args.indexOf("--") : args.length;
  return args.toSpliced(at, 0, ...options);
}

/** What a command wrote, and its exit code. */
function text(
  site: Site,
  { show = String, sorted }: Run,
  { exitCode, out, talk }: Invoked,
): string {
  const side = talk === "" ? "" : `--- on the side\n${normalised(talk, site.nodes)}`;
  const lines = normalised(show(out), site.nodes).match(/.*\n/g) ?? [];
  return `${(sorted ? lines.sort() : lines).join("")}${side}exit ${exitCode}\n`;
}

/** A text with names for ids, and without times, ports, figures and runs of spaces. */
export function normalised(text: string, nodes: readonly Named[]): string {
  let clean = text;
  for (const { name, peer } of nodes) {
    clean = clean.replaceAll(peer, `<${name}>`).replaceAll(peer.slice(0, 8), name);
  }
  return clean
    .replaceAll(emptyFolder, "<folder>")
    .replaceAll(/mosaik:[\w-]{40,}/g, "<invite>")
    .replaceAll(process.version.slice(1), "NODE")
    .replaceAll(`${process.platform}-${process.arch}`, "PLATFORM")
    .replaceAll(/\beyJ[\w-]+\.[\w-]+\.[\w-]+/g, "<ticket>")
    .replaceAll(/\bmosaik-key:[0-9a-f]{32}\b/g, "<group key>")
    .replaceAll(/\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g, "<uuid>")
    .replaceAll(/(?<=: )\d+(\.\d+)? k?B\b/g, "SIZE")
    .replaceAll(new RegExp(`"(${times})":-?[\\d.e+-]+`, "g"), '"$1":0')
    .replaceAll(/\b\d+(\.\d+)? (ms|s|m|h)\b/g, "TIME")
    .replaceAll(/\b\d\d:\d\d:\d\d\.\d{3}\b/g, "CLOCK")
    .replaceAll(/\b\d+ [kM]?B\/s/g, "N B/s")
    .replaceAll(/\b\d+( items| commands)\/s/g, "N$1/s")
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "DATE")
    .replaceAll(/\b\d{13}\.\d+\b/g, "VERSION")
    .replaceAll(/\b[0-9a-f]{64}\b/g, "<id>")
    .replaceAll(/\b[0-9a-f]{8}(?=…|\b)/g, "IDIDIDID")
    .replaceAll(/\/tcp\/\d+/g, "/tcp/PORT")
    .replaceAll(/(http:\/\/127\.0\.0\.1):\d+/g, "$1:PORT")
    .replaceAll(/(?<=:PORT\/)[0-9a-f]{32}\b/g, "<token>")
    .replaceAll(/ {2,}/g, "  ")
    .replaceAll(/ +$/gm, "")
    .replaceAll(cells, "N");
}
