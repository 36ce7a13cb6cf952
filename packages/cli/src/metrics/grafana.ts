import type { Metric } from "@mosaik/primitives";
import { allMetrics } from "./all-metrics.ts";

const widthPerPanel = 8;
const panelsPerRow = 3;
const height = 7;
const datasource = { type: "prometheus", uid: "$datasource" };

/** A Grafana dashboard with a panel for each metric that there is. */
export function grafanaDashboard(): Readonly<Record<string, unknown>> {
  const panels: Record<string, unknown>[] = [];
  let y = 0;
  for (const [title, metrics] of Object.entries(allMetrics)) {
    const id = panels.length + 1;
    panels.push({ id, type: "row", title, collapsed: false, gridPos: { h: 1, w: 24, x: 0, y } });
    for (const [at, metric] of metrics.entries()) {
      const x = (at % panelsPerRow) * widthPerPanel;
      const row = y + 1 + Math.floor(at / panelsPerRow) * height;
      const gridPos = { h: height, w: widthPerPanel, x, y: row };
      panels.push({ id: panels.length + 1, gridPos, ...panelOf(metric) });
    }
    y += 1 + Math.ceil(metrics.length / panelsPerRow) * height;
  }
  return {
    title: "mosaik",
    uid: "mosaik",
    tags: ["mosaik"],
    schemaVersion: 39,
    refresh: "10s",
    time: { from: "now-30m", to: "now" },
    templating: { list: [{ name: "datasource", type: "datasource", query: "prometheus" }] },
    panels,
  };
}

function panelOf(metric: Metric): Record<string, unknown> {
  return {
    type: "timeseries",
    title: metric.help.replace(/\.$/, ""),
    description: metric.name,
    datasource,
    fieldConfig: { defaults: { unit: unitOf(metric), min: 0 }, overrides: [] },
    targets: expressionsOf(metric).map(({ expr, legend }, at) => ({
      refId: String.fromCharCode(65 + at),
      datasource,
      expr,
      legendFormat: legend,
    })),
  };
}

interface Expression {
  readonly expr: string;
  readonly legend: string;
}

function expressionsOf({ kind, name, label }: Metric): readonly Expression[] {
  const by = label ?? "instance";
  const legend = `{{${by}}}`;
  if (kind === "gauge") return [{ expr: `max by (instance, ${by}) (${name})`, legend }];
  if (kind === "counter") {
    return [{ expr: `sum by (${by}) (rate(${name}[$__rate_interval]))`, legend }];
  }
  return [0.5, 0.99].map((part) => ({
    expr: `histogram_quantile(${part}, sum by (le) (rate(${name}_bucket[$__rate_interval])))`,
    legend: `p${part * 100}`,
  }));
}

function unitOf({ kind, unit }: Metric): string {
  if (unit === "seconds") return "s";
  if (unit === "bytes") return kind === "counter" ? "Bps" : "bytes";
  return kind === "counter" ? "cps" : "short";
}
