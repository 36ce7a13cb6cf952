import type { Infer } from "@mosaik/primitives";
import type { MetricsSection } from "@mosaik/transport";
import { allMetrics } from "./all-metrics.ts";

/** What a node measures, as its section tells it. */
export type Measured = Infer<typeof MetricsSection.value>;

/** The type of the text, for those who scrape it. */
export const expositionType = "text/plain; version=0.0.4; charset=utf-8";

/** Every metric that we know, by name. */
const known = new Map(
  Object.values(allMetrics).flatMap((all) => all.map((metric) => [metric.name, metric] as const)),
);

/**
 * What nodes measure in the text format of Prometheus. Each node has its labels, so that the numbers
 * of several can be told apart. What nothing was counted of yet is named all the same: who makes rules
 * and dashboards sees what there is.
 */
export function exposition(
  nodes: readonly { readonly labels: Labels; readonly measured: Measured }[],
): string {
  const measuredNames = nodes.flatMap(({ measured }) => Object.keys(measured));
  const names = [...new Set([...known.keys(), ...measuredNames])].sort();
  const lines = names.flatMap((name) => {
    const [first = known.get(name)] = nodes.flatMap(({ measured }) => measured[name] ?? []);
    if (first === undefined || !/^[a-zA-Z_:][\w:]*$/.test(name)) return [];
    return [
      `# HELP ${name} ${escaped(first.help)}`,
      `# TYPE ${name} ${first.kind}`,
      ...nodes.flatMap(({ labels, measured }) => samples(name, labels, measured[name])),
    ];
  });
  return lines.map((line) => `${line}\n`).join("");
}

type Labels = Readonly<Record<string, string>>;

function samples(name: string, labels: Labels, metric: Measured[string] | undefined): string[] {
  if (metric === undefined) return [];
  const { label, buckets = [], numbers, distributions } = metric;
  const told = (value: string): Labels =>
    label === undefined ? labels : { ...labels, [label]: value };
  const numbered = Object.entries(numbers).map(([of, number]) => sample(name, told(of), number));
  const distributed = Object.entries(distributions).flatMap(([of, { count, sum, atMost }]) => [
    ...buckets.map((end, at) =>
      sample(`${name}_bucket`, { ...told(of), le: String(end) }, atMost[at] ?? 0),
    ),
    sample(`${name}_bucket`, { ...told(of), le: "+Inf" }, count),
    sample(`${name}_sum`, told(of), sum),
    sample(`${name}_count`, told(of), count),
  ]);
  return [...numbered, ...distributed];
}

function sample(name: string, labels: Labels, number: number): string {
  const pairs = Object.entries(labels).map(([key, value]) => `${key}="${escaped(value)}"`);
  return `${name}${pairs.length === 0 ? "" : `{${pairs.join(",")}}`} ${number}`;
}

/** Peers chose some of it: nothing ends the line or the quotes. */
function escaped(text: string): string {
  return text
    .replaceAll("\\", "\\\\")
    .replaceAll("\n", "\\n")
    .replaceAll('"', '\\"')
    .replaceAll("\r", "");
}
