import type { PeerId, Random } from "@mosaik/primitives";
import type { Keeper, Replay, ReplayFrom } from "../../src/index.ts";
import { Account, Bytes, numbered } from "../replay/account.ts";
import { Cluster, type Node } from "../replay/cluster.ts";
import { hashOf, policies, sum, Talker } from "./talker.ts";

/** What came of a seed. */
export interface StoryResult {
  readonly seed: number;
  readonly faults: readonly string[];
  readonly items: number;
  readonly replayed: number;
  readonly missed: number;
  readonly restarts: number;
  /** The hash of everything that the readers were told. */
  readonly told: string;
}

interface Reader {
  readonly replay: Replay<Uint8Array>;
  readonly account: Account;
}

/** Producers, keepers and late readers in a network where things go wrong, as a seed has it. */
class ReplayStory {
  readonly #cluster: Cluster;
  readonly #random: Random;
  readonly #talkers: Talker[] = [];
  readonly #keeperNodes: Node[] = [];
  readonly #keepers: Keeper[] = [];
  readonly #readers: Reader[] = [];
  readonly #isCalm: boolean;

  constructor(cluster: Cluster, seed: number) {
    this.#cluster = cluster;
    this.#random = cluster.world.random("story");
    this.#isCalm = seed % 4 === 0;
  }

  async run(seed: number): Promise<StoryResult> {
    await this.#begin(seed);
    const { memory } = this.#cluster;
    if (!this.#isCalm) memory.change({ connectionLoss: 0.002, connectFailure: 0.2, split: 0.3 });
    await Promise.all([this.#talk(), this.#trouble(), this.#join()]);
    memory.change({ connectionLoss: 0, connectFailure: 0, split: 0 });
    memory.heal();
    for (const { account } of this.#readers) account.resume();
    const faults = await this.#end();
    return {
      seed,
      faults,
      items: sum(this.#readers, ({ replay }) => replay.stats.items),
      replayed: sum(this.#readers, ({ replay }) => replay.stats.replayed),
      missed: sum(this.#readers, ({ account }) => account.missed),
      restarts: sum(this.#talkers, ({ restarts }) => restarts),
      told: hashOf(this.#readers.map(({ account }) => account.story.join())),
    };
  }

  async #begin(seed: number): Promise<void> {
    const policy = policies[seed % 3] ?? "wait";
    const keeping = { items: this.#isCalm ? 1_000_000 : 500 + this.#below(20_000) };
    for (let n = 0; n < 2; n++) {
      const node = await this.#cluster.node();
      this.#keeperNodes.push(node);
      this.#keepers.push(await node.replay.keep(Bytes, keeping));
    }
    for (let n = 0; n < 2; n++) {
      const node = await this.#cluster.node();
      const itemsMax = this.#isCalm ? 1_000 : 20 + this.#below(400);
      if (this.#random.next() < 0.4)
        await node.replay.keep(Bytes, { ...keeping, producers: "own" });
      this.#talkers.push(new Talker(node, { policy, itemsMax }));
    }
    await this.#cluster.until(() =>
      this.#talkers.every(({ producer }) => producer.consumers.length >= 2),
    );
  }

  async #talk(): Promise<void> {
    await Promise.all(
      this.#talkers.map(async (talker) => {
        for (let round = 0; round < 250; round++) {
          talker.burst(this.#random);
          await this.#cluster.sleep(this.#random.next() * 60);
          if (!this.#isCalm && this.#random.next() < 0.006) await talker.restart();
        }
      }),
    );
  }

  async #join(): Promise<void> {
    for (let n = 0; n < 5; n++) {
      await this.#cluster.sleep(this.#random.next() * 1_500);
      const node = await this.#cluster.node();
      const replay = node.replay.consume(Bytes, {
        from: this.#from(),
        windowBytes: 4_096 + this.#below(100_000),
      });
      const account = new Account(replay);
      this.#readers.push({ replay, account });
      if (this.#isCalm || this.#random.next() < 0.5) continue;
      account.pause();
      await this.#cluster.sleep(this.#random.next() * 3_000);
      account.resume();
    }
  }

  #from(): ReplayFrom {
    if (this.#isCalm) return "start";
    const choice = this.#below(6);
    if (choice === 5) return { sinceMs: this.#cluster.world.clock().now() - this.#below(5_000) };
    if (choice === 0) return { last: this.#below(2_000) };
    if (choice === 1) return { offset: this.#below(100) };
    return choice === 2 ? "latest" : "start";
  }

  async #trouble(): Promise<void> {
    if (this.#isCalm) return;
    for (let round = 0; round < 5; round++) {
      await this.#cluster.sleep(this.#random.next() * 2_500);
      const [a, b] = [this.#node(), this.#node()];
      const stall = a === b ? undefined : this.#cluster.memory.stall(a.peer, b.peer);
      if (this.#random.next() < 0.4) await this.#restartKeeper();
      await this.#cluster.sleep(this.#random.next() * 4_000);
      stall?.[Symbol.dispose]();
    }
  }

  /** A keeper dies, in the middle of whatever it does, and another node takes its place. */
  async #restartKeeper(): Promise<void> {
    const index = this.#below(this.#keeperNodes.length);
    const node = this.#keeperNodes[index];
    if (node === undefined || index === 0) return; // the first is where all begin
    this.#cluster.kill(node);
    const fresh = await this.#cluster.node();
    this.#keeperNodes[index] = fresh;
    this.#keepers[index] = await fresh.replay.keep(Bytes, { items: 20_000 });
  }

  /** Lets all reach the end, and says what did not. */
  async #end(): Promise<string[]> {
    const isThere = ({ account, replay }: Reader): boolean =>
      this.#talkers.every(({ node, producer }) => {
        const { incarnation, sequence } = producer.position;
        const { peer } = node;
        return (
          replay.when.live().met &&
          account.next(peer) === sequence &&
          account.incarnation(peer) === incarnation
        );
      });
    // Whoever begins with the latest item must be there when it is sent.
    const faults: string[] = [];
    await this.#cluster
      .until(() => this.#readers.every(({ replay }) => replay.when.live().met), 240_000)
      .catch(() => faults.push("not live"));
    for (const { producer } of this.#talkers) {
      while (producer.trySend(numbered(producer.position.sequence)) !== "sent") {
        await this.#cluster.sleep(100);
      }
    }
    await this.#cluster
      .until(() => this.#readers.every(isThere), 120_000)
      .catch(() => faults.push(`not at the end: ${this.#where(isThere)}`));
    faults.push(...this.#readers.flatMap(({ account }) => account.faults));
    if (this.#isCalm) {
      const missed = sum(this.#readers, ({ account }) => account.missed);
      if (missed > 0) faults.push(`${missed} items missed in the calm`);
    }
    return faults;
  }

  #where(isThere: (reader: Reader) => boolean): string {
    const late = this.#readers.filter((reader) => !isThere(reader));
    const ends = this.#talkers.map(({ node, producer }) => {
      const places = late.map(({ account }) => account.next(node.peer as PeerId));
      return `${places.join("/")} of ${producer.position.sequence}`;
    });
    return `${late.length} readers, ${ends.join(", ")}`;
  }

  #node(): Node {
    const nodes = [...this.#talkers.map(({ node }) => node), ...this.#keeperNodes];
    return nodes[this.#below(nodes.length)] as Node; // in range
  }

  #below(limit: number): number {
    return Math.floor(this.#random.next() * limit);
  }
}

/** Runs the story of a seed. */
export async function runReplayStory(seed: number): Promise<StoryResult> {
  const cluster = new Cluster(seed, { latencyMs: [1, 30] });
  const story = new ReplayStory(cluster, seed);
  return cluster.world.settle(
    story.run(seed).finally(() => cluster.close()),
    { withinMs: 600_000 },
  );
}
