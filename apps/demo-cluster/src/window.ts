import type { Reading, Summary } from "./contract.ts";

interface Range {
  readonly mean: number;
  readonly max: number;
}

/**
 * The readings of one window of time, for one summary. Decides nothing but sums: the order of the
 * readings does not matter.
 */
export class SummaryWindow {
  readonly #readings: Reading[] = [];
  readonly #sensors = new Set<string>();

  /** Adds a reading of a sensor. */
  add(sensor: string, reading: Reading): void {
    this.#sensors.add(sensor);
    this.#readings.push(reading);
  }

  /** The summary of what was added, and the window begins anew. */
  close(at: number, windowMs: number): Summary {
    const all = this.#readings.splice(0);
    const sensors = this.#sensors.size;
    this.#sensors.clear();
    const of = (pick: (reading: Reading) => number | undefined) => range(all.map(pick));
    return defined({
      at,
      windowMs,
      readings: all.length,
      sensors,
      cpuBusy: of((reading) => reading.cpuBusy),
      memoryUsed: of((reading) => reading.memory.usedBytes),
      memoryTotal: all[0]?.memory.totalBytes,
      load: of((reading) => reading.load),
      receivedPerSecond: of((reading) => reading.network?.receivedPerSecond),
      sentPerSecond: of((reading) => reading.network?.sentPerSecond),
      loopDelayMs: of((reading) => reading.loopDelay.p99Ms),
    });
  }
}

function range(values: readonly (number | undefined)[]): Range | undefined {
  const known = values.filter((value) => value !== undefined);
  if (known.length === 0) return undefined;
  const sum = known.reduce((total, value) => total + value, 0);
  return { mean: sum / known.length, max: Math.max(...known) };
}

/** A summary without the fields that nothing is known of. */
function defined(summary: Summary): Summary {
  return Object.fromEntries(
    Object.entries(summary).filter(([, value]) => value !== undefined),
  ) as Summary; // only optional fields can be undefined
}
