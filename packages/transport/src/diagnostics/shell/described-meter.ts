import { bothMeters, type Infer, type Meter, type Tally, TallyMeter } from "@mosaik/primitives";
import type { Diagnostics } from "../diagnostics.ts";
import { MetricsSection } from "../sections.ts";

/** A meter whose numbers inspectors can read, and which tells another one if there is one. */
export function describedMeter(diagnostics: Diagnostics, other: Meter | undefined): Meter {
  const tally = new TallyMeter();
  diagnostics.describe(MetricsSection, () =>
    Object.fromEntries(tally.tallies.map((one) => [one.metric.name, told(one)])),
  );
  return other === undefined ? tally : bothMeters(tally, other);
}

function told({
  metric,
  numbers,
  distributions,
}: Tally): Infer<typeof MetricsSection.value>[string] {
  const { kind, help, unit, label, buckets } = metric;
  return {
    kind,
    help,
    unit,
    numbers: Object.fromEntries(numbers),
    distributions: Object.fromEntries(
      [...distributions].map(([of, { count, sum, atMost }]) => [
        of,
        { count, sum, atMost: [...atMost] },
      ]),
    ),
    ...(label === undefined ? {} : { label }),
    ...(buckets === undefined ? {} : { buckets: [...buckets] }),
  };
}
