/** A number that a node reported, and when, ms. */
export interface Sample {
  readonly at: number;
  readonly value: number;
}

/**
 * What a counter grew by in a second, at each of some moments. A node reports now and then: what it
 * grew by from one report to the next holds until there is another.
 */
export function ratesOf(samples: readonly (Sample | undefined)[]): (number | undefined)[] {
  let last: Sample | undefined;
  let rate: number | undefined;
  return samples.map((sample) => {
    if (sample === undefined) return undefined;
    if (last !== undefined && sample.at > last.at) {
      const grown = sample.value - last.value;
      rate = grown < 0 ? undefined : (grown * 1_000) / (sample.at - last.at); // it began anew
    }
    if (last === undefined || sample.at > last.at) last = sample;
    return rate;
  });
}
