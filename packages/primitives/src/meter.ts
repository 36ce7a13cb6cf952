/** A number that only grows. */
export interface Counter {
  /** Adds `by`, 1 unless given. */
  add(by?: number): void;
}

/** A number that goes up and down. */
export interface Gauge {
  /** Replaces the number. */
  set(value: number): void;
}

/** How numbers are distributed. */
export interface Histogram {
  /** Takes a number. */
  observe(value: number): void;
}

/** What is measured. A package lists its metrics in one place, each made by {@link defineMetric}. */
export interface Metric {
  readonly kind: "counter" | "gauge" | "histogram";
  /** Snake case, with the unit, and `_total` behind a counter: `mosaik_stream_items_produced_total`. */
  readonly name: string;
  /** A sentence for people. */
  readonly help: string;
  /** What it counts: `items`, `bytes`, `seconds`. */
  readonly unit: string;
  /** What tells its numbers apart, where there are several: `stream`. */
  readonly label?: string;
  /** Upper ends of the buckets of a histogram. */
  readonly buckets?: readonly number[];
}

/** The value of a metric's label, where it has one. */
export type LabelOf<M extends Metric> = M extends { readonly label: string }
  ? [value: string]
  : [value?: undefined];

/** Where a part of mosaik counts what it does. */
export interface Meter {
  /** The counter of a metric, made at its first use. */
  counter<M extends Metric & { readonly kind: "counter" }>(
    metric: M,
    ...label: LabelOf<M>
  ): Counter;
  /** The gauge of a metric, made at its first use. */
  gauge<M extends Metric & { readonly kind: "gauge" }>(metric: M, ...label: LabelOf<M>): Gauge;
  /** The histogram of a metric, made at its first use. */
  histogram<M extends Metric & { readonly kind: "histogram" }>(
    metric: M,
    ...label: LabelOf<M>
  ): Histogram;
}

/**
 * Declares a metric.
 *
 * @throws `RangeError` where its name does not say what it should, or a histogram has no buckets.
 * @example
 * ```ts
 * import { defineMetric } from "@mosaik/primitives";
 *
 * const hits = defineMetric({
 *   kind: "counter",
 *   name: "cache_hits_total",
 *   help: "Look-ups that the cache answered.",
 *   unit: "lookups",
 * });
 * console.log(hits.name); // cache_hits_total
 * ```
 */
export function defineMetric<const M extends Metric>(metric: M): M {
  const { kind, name, unit, buckets = [] } = metric;
  if (!/^[a-z][a-z0-9]*(_[a-z0-9]+)+$/.test(name)) throw new RangeError(`'${name}' is no name`);
  if (name.endsWith("_total") !== (kind === "counter")) {
    throw new RangeError(`'${name}': counters end in _total, nothing else does`);
  }
  if (["seconds", "bytes"].includes(unit) && !name.includes(`_${unit}`)) {
    throw new RangeError(`'${name}' does not say that it counts ${unit}`);
  }
  if ((kind === "histogram") !== buckets.length > 0) {
    throw new RangeError(`'${name}': histograms have buckets, nothing else has`);
  }
  return metric;
}

/** A meter that keeps nothing. */
export const silentMeter: Meter = {
  counter: () => ({ add: () => {} }),
  gauge: () => ({ set: () => {} }),
  histogram: () => ({ observe: () => {} }),
};

/** A meter that tells two others. */
export function bothMeters(left: Meter, right: Meter): Meter {
  return {
    counter(...of) {
      const [one, two] = [left.counter(...of), right.counter(...of)];
      return {
        add(by) {
          one.add(by);
          two.add(by);
        },
      };
    },
    gauge(...of) {
      const [one, two] = [left.gauge(...of), right.gauge(...of)];
      return {
        set(value) {
          one.set(value);
          two.set(value);
        },
      };
    },
    histogram(...of) {
      const [one, two] = [left.histogram(...of), right.histogram(...of)];
      return {
        observe(value) {
          one.observe(value);
          two.observe(value);
        },
      };
    },
  };
}
