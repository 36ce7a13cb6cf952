import type { Cluster } from "./cluster.ts";
import { emptyFolder, type Invoked, invoke, type Surroundings } from "./invoke.ts";

const times =
  "rttMs|uptimeMs|signedAt|clockAheadMs|at|tookMs|epoch|minMs|meanMs|maxMs|items|bytes|itemsPerSecond|term|commit";

/** Figures in the cells of a table. */
const cells = /(?<= {2})\d+( k?B)?(?= {2}|$)/gm;

/** A command, and all that came of it, without what differs from run to run. */
export async function transcript(
  cluster: Cluster,
  args: readonly string[],
  around: Surroundings = {},
): Promise<string> {
  const shown = args.map((arg) => (/[\s"{]/.test(arg) ? `'${arg}'` : arg)).join(" ");
  const invoked = await invoke([...args, ...cluster.join], around);
  return `$ mosaik ${normalised(shown, cluster)}\n${text(cluster, invoked)}`;
}

/** What a command wrote, and its exit code. */
export function text(cluster: Cluster, { exitCode, out, talk }: Invoked): string {
  const side = talk === "" ? "" : `--- on the side\n${talk}`;
  return `${normalised(`${out}${side}`, cluster)}exit ${exitCode}\n`;
}

/** A text with names for ids, and without times, ports, figures and runs of spaces. */
export function normalised(text: string, { nodes }: Pick<Cluster, "nodes">): string {
  let clean = text;
  for (const { name, peer } of nodes) {
    clean = clean.replaceAll(peer, `<${name}>`).replaceAll(peer.slice(0, 8), name);
  }
  return clean
    .replaceAll(emptyFolder, "<folder>")
    .replaceAll(/mosaik:[\w-]{40,}/g, "<invite>")
    .replaceAll(process.version.slice(1), "NODE")
    .replaceAll(/(?<=: )\d+(\.\d+)? k?B\b/g, "SIZE")
    .replaceAll(new RegExp(`"(${times})":-?[\\d.e+-]+`, "g"), '"$1":0')
    .replaceAll(/\b\d+(\.\d+)? (ms|s|m|h)\b/g, "TIME")
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "DATE")
    .replaceAll(/\b\d{13}\.\d+\b/g, "VERSION")
    .replaceAll(/\b[0-9a-f]{64}\b/g, "<id>")
    .replaceAll(/\b[0-9a-f]{8}(?=…|\b)/g, "IDIDIDID")
    .replaceAll(/\/tcp\/\d+/g, "/tcp/PORT")
    .replaceAll(/ {2,}/g, "  ")
    .replaceAll(/ +$/gm, "")
    .replaceAll(cells, "N");
}
