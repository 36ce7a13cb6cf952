/** How items become bytes, the same on every side. */
export type CodecName = "raw" | "msgpack" | "superjson";

/** One thing to measure. */
export interface BenchCase {
  readonly name: string;
  readonly codec: CodecName;
  /** How many bytes an item has, encoded. */
  readonly bytes: number;
  readonly consumers: number;
}

const codecs: readonly CodecName[] = ["raw", "msgpack", "superjson"];
const sizes = [64, 1024, 65_536];
const fanouts = [1, 4, 16];

/** All cases. Those of one fan-out, which share their processes, are side by side. */
export const benchCases: readonly BenchCase[] = fanouts.flatMap((consumers) =>
  codecs.flatMap((codec) =>
    sizes.map((bytes) => ({ name: `${codec}-${bytes}-1to${consumers}`, codec, bytes, consumers })),
  ),
);
