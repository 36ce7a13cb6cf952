import type { Random } from "@mosaik/primitives";
import { defineView, type View } from "../../src/index.ts";
import { Bytes, numbered, numberOf } from "../replay/account.ts";
import { Cluster, type Node } from "../replay/cluster.ts";
import { hashOf, policies, sum, Talker } from "./talker.ts";

/** What a view knows of one run of a producer. */
interface Tally {
  /** The number of the item after the last one. */
  readonly end: number;
  readonly count: number;
  /** Items that came twice, late, or as another. */
  readonly wrong: number;
}

/** Counts the items of each run of each producer, and those that should not have come. */
const Tallies = defineView<Uint8Array, Tally>({
  name: "tallies",
  from: Bytes,
  key: (_, { producer, incarnation }) => `${producer}/${incarnation}`,
  initial: () => ({ end: 0, count: 0, wrong: 0 }),
  reduce: ({ end, count, wrong }, item, { sequence }) => ({
    end: sequence + 1,
    count: count + 1,
    wrong: wrong + (sequence < end || numberOf(item) !== sequence ? 1 : 0),
  }),
});

/** What came of a seed. */
export interface ViewStoryResult {
  readonly seed: number;
  readonly faults: readonly string[];
  readonly views: number;
  readonly items: number;
  readonly missed: number;
  readonly deaths: number;
  /** The hash of what all views say in the end. */
  readonly told: string;
}

/** Nodes that fold and read a view, and come and go, as do producers and keepers. */
class ViewStory {
  readonly #cluster: Cluster;
  readonly #random: Random;
  readonly #isCalm: boolean;
  readonly #talkers: Talker[] = [];
  /** The nodes that fold or read: some die. */
  readonly #views = new Map<Node, View<Tally>>();
  #keeper: Node | undefined;
  #deaths = 0;

  constructor(cluster: Cluster, seed: number) {
    this.#cluster = cluster;
    this.#random = cluster.world.random("story");
    this.#isCalm = seed % 4 === 0;
  }

  async run(seed: number): Promise<ViewStoryResult> {
    await this.#begin(seed);
    const { memory } = this.#cluster;
    if (!this.#isCalm) memory.change({ connectionLoss: 0.002, connectFailure: 0.2, split: 0.3 });
    await Promise.all([this.#talk(), this.#join(), this.#die()]);
    memory.change({ connectionLoss: 0, connectFailure: 0, split: 0 });
    memory.heal();
    const faults = await this.#end();
    const views = [...this.#views.values()];
    return {
      seed,
      faults,
      views: views.length,
      items: sum(views, countOf),
      missed: sum(views, ({ missed }) => missed),
      deaths: this.#deaths,
      told: hashOf(views.map((view) => `${view.hash()}${view.missed}`)),
    };
  }

  async #begin(seed: number): Promise<void> {
    const keeping = { items: this.#isCalm ? 1_000_000 : 2_000 + this.#below(20_000) };
    await (await this.#cluster.node()).replay.keep(Bytes, keeping);
    this.#keeper = await this.#cluster.node();
    await this.#keeper.replay.keep(Bytes, keeping);
    for (let n = 0; n < 2; n++) {
      const policy = policies[seed % 3] ?? "wait";
      const itemsMax = this.#isCalm ? 1_000 : 50 + this.#below(400);
      this.#talkers.push(new Talker(await this.#cluster.node(), { policy, itemsMax }));
    }
    await this.#cluster.until(() =>
      this.#talkers.every(({ producer }) => producer.consumers.length >= 2),
    );
  }

  async #talk(): Promise<void> {
    await Promise.all(
      this.#talkers.map(async (talker) => {
        for (let round = 0; round < 150; round++) {
          talker.burst(this.#random);
          await this.#cluster.sleep(this.#random.next() * 100);
          if (!this.#isCalm && this.#random.next() < 0.01) await talker.restart();
        }
      }),
    );
  }

  async #join(): Promise<void> {
    for (let n = 0; n < 6; n++) {
      await this.#cluster.sleep(this.#random.next() * 1_200);
      const node = await this.#cluster.node();
      const { views } = node;
      const view =
        n > 2 && n % 2 === 1
          ? views.read(Tallies)
          : views.fold(Tallies, { fromSnapshot: this.#random.next() < 0.7 });
      this.#views.set(node, view);
    }
  }

  /** A keeper, and nodes that have the view, die in the middle of whatever they do. */
  async #die(): Promise<void> {
    if (this.#isCalm) return;
    for (let n = 0; n < 3; n++) {
      await this.#cluster.sleep(1_000 + this.#random.next() * 2_500);
      this.#deaths++;
      if (n === 1 && this.#keeper !== undefined) {
        this.#cluster.kill(this.#keeper);
        const fresh = await this.#cluster.node();
        await fresh.replay.keep(Bytes, { items: 20_000 });
        continue;
      }
      const [node] = [...this.#views.keys()].slice(this.#below(Math.max(1, this.#views.size)));
      if (node === undefined || this.#views.size < 2) continue;
      this.#views.delete(node);
      this.#cluster.kill(node);
    }
  }

  async #end(): Promise<string[]> {
    const faults: string[] = [];
    const views = [...this.#views.values()];
    const isThere = (view: View<Tally>): boolean =>
      this.#talkers.every(({ node, producer }) => {
        const { incarnation, sequence } = producer.position;
        const place = view.version.get(node.peer);
        return place?.incarnation === incarnation && place.sequence === sequence;
      });
    // Of a run in which nothing was sent yet no view says anything.
    for (const { producer } of this.#talkers) {
      while (producer.trySend(numbered(producer.position.sequence)) !== "sent") {
        await this.#cluster.sleep(100);
      }
    }
    await this.#cluster
      .until(() => views.every(isThere), 240_000)
      .catch(() =>
        faults.push(`${views.filter((view) => !isThere(view)).length} are not at the end`),
      );
    const whole = new Set(views.filter(({ missed }) => missed === 0).map((view) => view.hash()));
    if (whole.size > 1) faults.push("views in which nothing is missing differ");
    for (const view of views) faults.push(...faultsOf(view));
    if (this.#isCalm && sum(views, ({ missed }) => missed) > 0) faults.push("missed in the calm");
    if (this.#isCalm && whole.size === 0) faults.push("no view is whole");
    return faults;
  }

  #below(limit: number): number {
    return Math.floor(this.#random.next() * limit);
  }
}

/** What is in a view that cannot be: an item twice, or more missing than it says. */
function faultsOf(view: View<Tally>): string[] {
  const tallies = [...view.entries()].map(([, tally]) => tally);
  const wrong = sum(tallies, (tally) => tally.wrong);
  const holes = sum(tallies, ({ end, count }) => end - count);
  return [
    ...(wrong > 0 ? [`${wrong} items came twice, late or as others`] : []),
    ...(holes > view.missed ? [`${holes} are not in, ${view.missed} are said to be missing`] : []),
  ];
}

function countOf(view: View<Tally>): number {
  return sum([...view.entries()], ([, { count }]) => count);
}

/** Runs the story of a seed. */
export async function runViewStory(seed: number): Promise<ViewStoryResult> {
  const cluster = new Cluster(seed, { latencyMs: [1, 30] });
  const story = new ViewStory(cluster, seed);
  return cluster.world.settle(
    story.run(seed).finally(() => cluster.close()),
    { withinMs: 600_000 },
  );
}
