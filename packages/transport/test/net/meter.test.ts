import { openTelemetryMetrics } from "@libp2p/opentelemetry-metrics";
import { prometheusMetrics } from "@libp2p/prometheus-metrics";
import { systemClock as clock } from "@mosaik/primitives/system";
import { until } from "@mosaik/testing";
import { metrics as openTelemetry } from "@opentelemetry/api";
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from "@opentelemetry/sdk-metrics";
import { Registry } from "prom-client";
import { afterEach, expect, test } from "vitest";
import { transportMetrics } from "../../src/index.ts";
import { libp2pTransport } from "../../src/libp2p/index.ts";
import { libp2pMeter } from "../../src/libp2p/meter.ts";
import { createEchoNode, type EchoNode } from "./echo.ts";

const nodes: EchoNode[] = [];
const start = async (meter?: ReturnType<typeof libp2pMeter>): Promise<EchoNode> => {
  const node = await createEchoNode({
    transport: libp2pTransport({ listen: ["/ip4/127.0.0.1/tcp/0"] }),
    connections: { pingIntervalMs: 20 },
    ...(meter === undefined ? {} : { meter }),
  });
  nodes.push(node);
  return node;
};
const connect = (from: EchoNode, to: EchoNode) => from.echo.context.connect(to.addresses[0] ?? "");

afterEach(async () => {
  await Promise.all(nodes.splice(0).map((each) => each.close()));
});

/** The samples of an exposition, by what stands before the number. */
function samples(text: string): Map<string, number> {
  const lines = text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  return new Map(
    lines.map((line) => {
      const [, name = line, value] = /^(\S+(?:\{[^}]*\})?) (\S+)$/.exec(line) ?? [];
      return [name, Number(value)];
    }),
  );
}

test("Prometheus scrapes what a node measures, with its help", async () => {
  const registry = new Registry();
  const [measured, other] = [
    await start(libp2pMeter(prometheusMetrics({ registry }))),
    await start(),
  ];
  await connect(other, measured);
  await expect(
    connect(measured, { addresses: ["/ip4/127.0.0.1/tcp/1"] } as never),
  ).rejects.toThrow();
  const scrape = async () => samples(await registry.metrics());
  const isThere = async (): Promise<boolean> => {
    const now = await scrape();
    return (now.get("mosaik_round_trip_seconds_count") ?? 0) > 2;
  };
  let there = false;
  void (async () => {
    while (!there) there = await isThere();
  })();
  await until(() => there, { clock, withinMs: 5_000 });
  const now = await scrape();
  expect(now.get("mosaik_connections")).toBe(1);
  expect(now.get('mosaik_connections_opened_total{direction="inbound"}')).toBe(1);
  expect(now.get('mosaik_dials_failed_total{code="NETWORK_UNREACHABLE"}')).toBe(1);
  expect(now.get('mosaik_sent_bytes_total{protocol="/mosaik/control/1"}')).toBeGreaterThan(100);
  expect(now.get('mosaik_round_trip_seconds_bucket{le="2.5"}')).toBeGreaterThan(2);
  expect(await registry.metrics()).toContain("# TYPE mosaik_sent_bytes_total counter");
});

test("OpenTelemetry exports what a node measures", async () => {
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 60_000 });
  const provider = new MeterProvider({ readers: [reader] });
  openTelemetry.setGlobalMeterProvider(provider);
  const [measured, other] = [await start(libp2pMeter(openTelemetryMetrics())), await start()];
  await connect(other, measured);
  await until(() => measured.connections.value.size === 1, { clock, withinMs: 2_000 });
  await provider.forceFlush();
  const exported = exporter
    .getMetrics()
    .flatMap(({ scopeMetrics }) => scopeMetrics.flatMap(({ metrics }) => metrics));
  const opened = exported.find(
    ({ descriptor }) => descriptor.name === "mosaik_connections_opened_total",
  );
  expect(opened?.descriptor.description).toBe(transportMetrics.opened.help);
  expect(opened?.dataPoints.map(({ attributes, value }) => [attributes, value])).toEqual([
    [{ direction: "inbound" }, 1],
  ]);
  const connections = exported.find(({ descriptor }) => descriptor.name === "mosaik_connections");
  expect(connections?.dataPoints[0]?.value).toBe(1);
  await provider.shutdown();
});
