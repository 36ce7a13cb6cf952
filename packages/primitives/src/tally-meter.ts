import type { Counter, Gauge, Histogram, Meter, Metric } from "./meter.ts";

/** The numbers of a metric, by the value of its label; under the empty text where it has none. */
export interface Tally {
  readonly metric: Metric;
  /** Of counters and gauges. */
  readonly numbers: ReadonlyMap<string, number>;
  /** Of histograms: how many numbers came, their sum, and how many were at most each bucket's end. */
  readonly distributions: ReadonlyMap<string, Distribution>;
}

/** See {@link Tally}. */
export interface Distribution {
  readonly count: number;
  readonly sum: number;
  /** As long as the buckets of the metric. */
  readonly atMost: readonly number[];
}

/** Values of one label that are told apart; what comes later goes under `other`. */
const labelsMax = 1_024;

/** A meter that remembers its numbers, for those who ask. An addition costs an addition. */
export class TallyMeter implements Meter {
  readonly #kept = new Map<string, Kept>();

  /** All that was measured so far. */
  get tallies(): readonly Tally[] {
    return [...this.#kept.values()].map(({ metric, cells, histograms }) => ({
      metric,
      numbers: new Map([...cells].map(([label, { value }]) => [label, value])),
      distributions: histograms,
    }));
  }

  counter(metric: Metric, label = ""): Counter {
    const cell = this.#cell(metric, label);
    return {
      add(by = 1) {
        cell.value += by;
      },
    };
  }

  gauge(metric: Metric, label = ""): Gauge {
    const cell = this.#cell(metric, label);
    return {
      set(value) {
        cell.value = value;
      },
    };
  }

  histogram(metric: Metric, label = ""): Histogram {
    const kept = this.#keep(metric);
    const { buckets = [] } = metric;
    const known = room(kept.histograms, label);
    const made = kept.histograms.get(known) ?? { count: 0, sum: 0, atMost: buckets.map(() => 0) };
    kept.histograms.set(known, made);
    return {
      observe(value) {
        made.count += 1;
        made.sum += value;
        for (const [at, end] of buckets.entries()) {
          if (value <= end) made.atMost[at] = (made.atMost[at] ?? 0) + 1;
        }
      },
    };
  }

  #cell(metric: Metric, label: string): { value: number } {
    const { cells } = this.#keep(metric);
    const known = room(cells, label);
    const cell = cells.get(known) ?? { value: 0 };
    cells.set(known, cell);
    return cell;
  }

  #keep(metric: Metric): Kept {
    const kept = this.#kept.get(metric.name);
    if (kept !== undefined) return kept;
    const made = { metric, cells: new Map(), histograms: new Map() };
    this.#kept.set(metric.name, made);
    return made;
  }
}

interface Kept {
  readonly metric: Metric;
  readonly cells: Map<string, { value: number }>;
  readonly histograms: Map<string, { count: number; sum: number; atMost: number[] }>;
}

function room(known: ReadonlyMap<string, unknown>, label: string): string {
  return known.size < labelsMax || known.has(label) ? label : "other";
}
