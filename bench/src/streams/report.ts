import { rounded, row, short } from "../table.ts";
import type { Figures, Outcome } from "./measure.ts";
import type { SideName } from "./side.ts";

const ceilings: readonly SideName[] = ["tls", "libp2p"];
const peers: readonly SideName[] = ["nats"];

/** An outcome as one line of JSON; the README of the bench says what each field is. */
export function jsonLine({ bench, itemBytes, sides }: Outcome): string {
  const ours = sides.get("ours");
  const rates = (names: readonly SideName[]): Record<string, number> =>
    each(sides, names, ({ itemsPerSecond }) => Math.round(itemsPerSecond));
  const others = [...ceilings, ...peers];
  return JSON.stringify({
    bench: "streams",
    case: bench.name,
    unit: "items/s",
    ours: ours === undefined ? null : Math.round(ours.itemsPerSecond),
    ceilings: rates(ceilings),
    peers: rates(peers),
    p50us: ours === undefined ? null : Math.round(ours.p50us),
    p99us: ours === undefined ? null : Math.round(ours.p99us),
    itemBytes,
    mbPerS: each(sides, ["ours", ...others], ({ itemsPerSecond }) =>
      rounded((itemsPerSecond * itemBytes) / 1e6),
    ),
    ratios: ours === undefined ? {} : each(sides, others, ({ relative }) => rounded(1 / relative)),
    latencies: each(sides, others, ({ p50us, p99us }) => ({
      p50us: Math.round(p50us),
      p99us: Math.round(p99us),
    })),
    cpuUsPerItem: each(sides, ["ours", ...others], ({ producerCpuUs, consumerCpuUs }) => ({
      producer: rounded(producerCpuUs),
      consumer: rounded(consumerCpuUs),
    })),
    timed: ours?.timed ?? 0,
  });
}

/** The titles of the columns of {@link tableLine}. */
export const tableTitle = row([
  "case",
  "ours/s",
  "MB/s",
  "of tls",
  "of libp2p",
  "of nats",
  "p50/p99 µs",
  "nats p50/p99",
]);

/** An outcome as one line of a table: our rate, and what part of each other side's it is. */
export function tableLine({ bench, itemBytes, sides }: Outcome): string {
  const ours = sides.get("ours");
  const part = (name: SideName): string => {
    const side = sides.get(name);
    if (side === undefined) return "-";
    return ours === undefined ? short(side.itemsPerSecond) : `${rounded(1 / side.relative)}x`;
  };
  const times = (side: Figures | undefined): string =>
    side === undefined ? "-" : `${Math.round(side.p50us)}/${Math.round(side.p99us)}`;
  return row([
    bench.name,
    ours === undefined ? "-" : short(ours.itemsPerSecond),
    ours === undefined ? "-" : short((ours.itemsPerSecond * itemBytes) / 1e6),
    part("tls"),
    part("libp2p"),
    part("nats"),
    times(ours),
    times(sides.get("nats")),
  ]);
}

function each<Value>(
  sides: ReadonlyMap<SideName, Figures>,
  names: readonly SideName[],
  of: (figures: Figures) => Value,
): Record<string, Value> {
  const entries = names.flatMap((name): [string, Value][] => {
    const figures = sides.get(name);
    return figures === undefined ? [] : [[name, of(figures)]];
  });
  return Object.fromEntries(entries);
}
