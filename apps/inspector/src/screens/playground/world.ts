import { type Discovery, discovery } from "@mosaik/discovery";
import {
  createGroupKey,
  defineMachine,
  type Group,
  type Groups,
  groups,
  lanTimings,
} from "@mosaik/groups";
import { memoryStorage } from "@mosaik/groups/memory";
import { decodeUtf8, encodeUtf8, type PeerId } from "@mosaik/primitives";
import { systemClock, systemRandom } from "@mosaik/primitives/system";
import { createNetwork, type NetworkHandle } from "@mosaik/transport";
import { createMemoryNetwork } from "@mosaik/transport/memory";
import { signal } from "@preact/signals";

/** A machine that counts. */
const Counter = defineMachine<number, number, "count", number>({
  name: "counter",
  create: () => {
    let count = 0;
    return {
      apply: (by) => (count += by),
      query: () => count,
      snapshot: () => [encodeUtf8(String(count))],
      restore: (chunk) => {
        count = Number(decodeUtf8(chunk));
      },
    };
  },
});

type Counting = Group<number, number, "count", number>;
type Running = NetworkHandle & { readonly discovery: Discovery; readonly groups: Groups };

/** A node of the playground, as it is shown. */
export interface Toy {
  readonly name: string;
  readonly peer: string;
  readonly state: "running" | "killed" | "frozen" | "cut off" | "slow";
  readonly role: string;
  readonly term: number;
  readonly leader: string;
  readonly applied: number;
  readonly count: number;
}

/** How late everything from and to a slow node is, ms. */
const slowMs = 400;
/**
 * Slow enough for an election to be seen, and for a page that is busy for a moment: it is not given
 * the processor as steadily as a process is.
 */
const timings = { ...lanTimings, heartbeatMs: 150, electionMinMs: 1_000, electionMaxMs: 1_600 };
const quickMs = 2;
const noted = 60;

interface Slot {
  readonly name: string;
  node: Running | undefined;
  group: Counting | undefined;
  readonly secretKey: Uint8Array;
  readonly storage: ReturnType<typeof memoryStorage>;
  state: Toy["state"];
  count: number;
  cut: Disposable | undefined;
}

/** Nodes within this page that agree on a number, and what can be done to them. */
export class World {
  /** The nodes now. */
  readonly toys = signal<readonly Toy[]>([]);
  /** What happened, newest first. */
  readonly notes = signal<readonly { readonly at: number; readonly text: string }[]>([]);
  readonly #slow = new Set<string>();
  readonly #memory = createMemoryNetwork({
    clock: systemClock,
    random: systemRandom,
    latencyMs: (from, to) => (this.#slow.has(from) || this.#slow.has(to) ? slowMs : quickMs),
  });
  readonly #key = createGroupKey();
  readonly #slots: Slot[];
  #leader = "";

  constructor(size: number) {
    this.#slots = Array.from({ length: size }, (_, at) => ({
      name: `node-${at + 1}`,
      node: undefined,
      group: undefined,
      secretKey: systemRandom.bytes(32),
      storage: memoryStorage(),
      state: "running",
      count: 0,
      cut: undefined,
    }));
  }

  /** Starts all nodes. */
  async start(): Promise<void> {
    this.#note("the nodes start");
    await Promise.all(this.#slots.map((slot) => this.#run(slot)));
  }

  /** Ends one as when its process dies, or starts it again with its disk. */
  async toggleLife(name: string): Promise<void> {
    const slot = this.#slot(name);
    if (slot.state === "killed") {
      slot.state = "running";
      this.#note(`${name} is started again`);
      return this.#run(slot);
    }
    this.#release(slot);
    const { node } = slot;
    slot.state = "killed";
    slot.node = undefined;
    slot.group = undefined;
    if (node === undefined) return;
    this.#memory.kill(node.peer);
    this.#note(`${name} is killed`);
    await node.close();
    this.#look();
  }

  /** Cuts one off from all others, freezes it, or has all it says be late; or takes that back. */
  harm(name: string, how: "cut off" | "frozen" | "slow"): void {
    const slot = this.#slot(name);
    const peer = slot.node?.peer;
    if (peer === undefined) return;
    const was = slot.state;
    this.#release(slot);
    if (was === how) {
      this.#note(`${name} is well again`);
    } else {
      slot.state = how;
      if (how === "cut off") slot.cut = this.#memory.partition([peer]);
      else if (how === "frozen") this.#memory.freeze(peer);
      else this.#slow.add(peer);
      this.#note(`${name} is ${how}`);
    }
    this.#look();
  }

  /** Has a node add to the number that all agree on. */
  async add(): Promise<void> {
    const slot = this.#slots.find(({ state, group }) => group && state === "running");
    if (slot?.group === undefined) return;
    try {
      const count = await slot.group.execute(1);
      this.#note(`${slot.name} adds one: the number is ${count}`);
    } catch (error) {
      this.#note(`nobody took it in: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  /** Ends all. */
  async close(): Promise<void> {
    this.#memory.heal();
    await Promise.all(this.#slots.map(({ node }) => node?.close()));
  }

  async #run(slot: Slot): Promise<void> {
    const place = this.#slots.indexOf(slot) + 1;
    const node = await createNetwork({
      network: "playground",
      secretKey: slot.secretKey,
      tags: [slot.name],
      seeds: this.#slots
        .map((_, at) => `/memory/${at + 1}`)
        .filter((address) => address !== `/memory/${place}`),
      transport: this.#memory.transport({ address: `/memory/${place}` }),
      services: { discovery: discovery(), groups: groups() },
    });
    slot.node = node;
    slot.group = await node.groups.join({
      key: this.#key,
      machine: Counter,
      storage: slot.storage,
      founders: this.#slots.length, // all vote from the beginning, so that any two of five can be missed
      timings,
    });
    slot.group.status.subscribe(() => this.#look());
    this.#look();
  }

  #release(slot: Slot): void {
    const peer = slot.node?.peer;
    slot.cut?.[Symbol.dispose]();
    slot.cut = undefined;
    if (peer !== undefined) {
      this.#slow.delete(peer);
      this.#memory.thaw(peer as PeerId);
    }
    slot.state = "running";
  }

  #slot(name: string): Slot {
    const slot = this.#slots.find((each) => each.name === name);
    if (slot === undefined) throw new RangeError(`there is no ${name}`);
    return slot;
  }

  #look(): void {
    this.toys.value = this.#slots.map((slot) => this.#toy(slot));
    for (const slot of this.#slots) {
      slot.group?.query("count").then(
        ({ value }) => {
          if (value === slot.count) return;
          slot.count = value;
          this.toys.value = this.#slots.map((each) => this.#toy(each));
        },
        () => {}, // closed meanwhile
      );
    }
    const leading = this.toys.value.filter(
      ({ role, state }) => role === "leader" && state === "running",
    );
    const newest = leading.sort((a, b) => b.term - a.term)[0];
    if (newest !== undefined && `${newest.name} ${newest.term}` !== this.#leader) {
      this.#leader = `${newest.name} ${newest.term}`;
      this.#note(`${newest.name} leads in term ${newest.term}`);
    }
  }

  #toy({ name, node, group, state, count }: Slot): Toy {
    const status = group?.status.value;
    const leader = this.#slots.find(
      ({ node: other }) => other && status?.leader?.startsWith(other.peer),
    );
    return {
      name,
      peer: node?.peer ?? "",
      state,
      role: status?.role ?? "–",
      term: status?.term ?? 0,
      leader: leader?.name ?? "–",
      applied: status?.applied ?? 0,
      count,
    };
  }

  #note(text: string): void {
    this.notes.value = [{ at: Date.now(), text }, ...this.notes.value].slice(0, noted);
  }
}
