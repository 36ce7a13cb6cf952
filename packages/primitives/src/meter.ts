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

/** Labels of a measurement, by name. */
export type MeterLabels = Readonly<Record<string, string>>;

/**
 * Where a part of mosaik counts what it does. Names are snake case with the unit last
 * (`mosaik_stream_items_total`, `mosaik_channel_backlog_bytes`).
 */
export interface Meter {
  /** The counter of a name and labels, made at its first use. */
  counter(name: string, labels?: MeterLabels): Counter;
  /** The gauge of a name and labels, made at its first use. */
  gauge(name: string, labels?: MeterLabels): Gauge;
}

/** A meter that keeps nothing. */
export const silentMeter: Meter = {
  counter: () => ({ add: () => {} }),
  gauge: () => ({ set: () => {} }),
};
