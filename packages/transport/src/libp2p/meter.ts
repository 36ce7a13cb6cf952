import type { Metrics } from "@libp2p/interface";
import { defaultLogger } from "@libp2p/logger";
import type { Meter, Metric } from "@mosaik/primitives";
import { version } from "../version.ts";

/** What the factories of libp2p's metrics are given. */
type Components = {
  readonly logger: ReturnType<typeof defaultLogger>;
  readonly nodeInfo: {
    readonly name: string;
    readonly version: string;
    readonly userAgent: string;
  };
};

/**
 * A meter over the metrics of libp2p: `prometheusMetrics()` of `@libp2p/prometheus-metrics`,
 * `openTelemetryMetrics()` of `@libp2p/opentelemetry-metrics`, or any other.
 *
 * @example
 * ```ts
 * import { prometheusMetrics } from "@libp2p/prometheus-metrics";
 * import { createNetwork } from "@mosaik/transport";
 * import { libp2pTransport } from "@mosaik/transport/libp2p";
 * import { libp2pMeter } from "@mosaik/transport/meter";
 * import { Registry } from "prom-client";
 *
 * const registry = new Registry();
 * const node = await createNetwork({
 *   network: "example",
 *   transport: libp2pTransport({ listen: ["127.0.0.1:0"] }),
 *   services: {},
 *   meter: libp2pMeter(prometheusMetrics({ registry })),
 * });
 * console.log((await registry.metrics()).length > 0); // true
 * await node.close();
 * ```
 */
export function libp2pMeter(create: (components: Components) => Metrics): Meter {
  const nodeInfo = { name: "mosaik", version, userAgent: `mosaik/${version}` };
  const metrics = create({ logger: defaultLogger(), nodeInfo });
  const counters = once((metric) =>
    metric.label === undefined
      ? numbered(metrics.registerCounter(metric.name, metric), "increment")
      : labelled(metrics.registerCounterGroup(metric.name, metric), "increment"),
  );
  const gauges = once((metric) =>
    metric.label === undefined
      ? numbered(metrics.registerMetric(metric.name, metric), "update")
      : labelled(metrics.registerMetricGroup(metric.name, metric), "update"),
  );
  const histograms = once((metric) => {
    const { name, help, label, buckets = [] } = metric;
    const options = { help, buckets: [...buckets] };
    return label === undefined
      ? numbered(metrics.registerHistogram(name, options), "observe")
      : labelled(metrics.registerHistogramGroup(name, { ...options, label }), "observe");
  });
  return {
    counter(metric, ...[label]) {
      const tell = counters(metric);
      return { add: (by = 1) => tell(label ?? "", by) };
    },
    gauge(metric, ...[label]) {
      const tell = gauges(metric);
      return { set: (value) => tell(label ?? "", value) };
    },
    histogram(metric, ...[label]) {
      const tell = histograms(metric);
      return { observe: (value) => tell(label ?? "", value) };
    },
  };
}

/** Tells a number of a metric, under the value of its label if it has one. */
type Tell = (label: string, value: number) => void;

/** Libp2p registers a metric once. */
function once(register: (metric: Metric) => Tell): (metric: Metric) => Tell {
  const known = new Map<string, Tell>();
  return (metric) => {
    const tell = known.get(metric.name) ?? register(metric);
    known.set(metric.name, tell);
    return tell;
  };
}

function numbered<Name extends string>(
  target: { readonly [N in Name]: (value: number) => unknown },
  name: Name,
): Tell {
  return (_label, value) => void target[name](value);
}

function labelled<Name extends string>(
  target: { readonly [N in Name]: (values: Record<string, number>) => unknown },
  name: Name,
): Tell {
  return (label, value) => void target[name]({ [label]: value });
}
