import { discovery } from "@mosaik/discovery";
import { createGroupKey, defineMachine, type Groups, groups, lanTimings } from "@mosaik/groups";
import { memoryStorage } from "@mosaik/groups/memory";
import { createNetwork, diagnostics } from "@mosaik/transport";
import type { Host } from "../host.ts";
import type { BaseInit } from "../network/init.ts";
import type { Observer } from "../network/join.ts";
import { duration } from "../output/figures.ts";
import { Printer, say } from "../output/printer.ts";
import type { JoinOptions } from "../settings/common-options.ts";
import { percentile, withFleet } from "./fleet.ts";

/** What `bench group` is told. */
export type GroupBenchOptions = JoinOptions & {
  readonly members?: number | undefined;
  readonly clients?: number | undefined;
  readonly duration?: number | undefined;
};

type Member = Observer & { readonly groups: Groups };

const Adder = defineMachine({
  name: "mosaik/bench",
  create: () => {
    let total = 0;
    return {
      apply: (command: number) => {
        total += command;
        return total;
      },
      query: (_: "total") => total,
      snapshot: () => [new TextEncoder().encode(String(total))],
      restore: (chunk) => {
        total = Number(new TextDecoder().decode(chunk));
      },
    };
  },
});

/** Measures commands of a group of fresh nodes, kept in memory, under a key of its own. */
export async function benchGroup(host: Host, options: GroupBenchOptions): Promise<void> {
  const printer = new Printer(host, options);
  const { members = 3, clients = 8, duration: ms = 10_000 } = options;
  const key = createGroupKey();
  await withFleet<Member>(host, options, members, startMember, async (nodes, joined) => {
    const { deadline, signal } = joined;
    const handles = await Promise.all(
      nodes.map((node) =>
        node.groups.join({
          ...{ key, machine: Adder, storage: memoryStorage(), founders: members },
          timings: lanTimings,
        }),
      ),
    );
    await Promise.all(handles.map((handle) => handle.when.online({ signal: deadline })));
    say(host, options, `${members} members, ${clients} commands at once, for ${duration(ms)}`);
    const [first] = handles;
    const firstTerm = first?.status.value.term ?? 0;
    const latencies: number[] = [];
    const endsAt = performance.now() + ms;
    const client = async (at: number): Promise<void> => {
      const handle = handles[at % handles.length];
      while (handle !== undefined && performance.now() < endsAt) {
        const from = performance.now();
        await handle.execute(1, { signal });
        latencies.push(performance.now() - from);
      }
    };
    await Promise.all(Array.from({ length: clients }, (_, at) => client(at)));
    latencies.sort((a, b) => a - b);
    const facts = {
      ...{ members, clients, commands: latencies.length },
      commandsPerSecond: Math.round((latencies.length * 1_000) / ms),
      p50Ms: percentile(latencies, 0.5),
      p99Ms: percentile(latencies, 0.99),
      elections: (first?.status.value.term ?? 0) - firstTerm,
    };
    printer.one(facts, () => [
      [{ text: `${facts.commandsPerSecond} commands/s, ${facts.elections} elections meanwhile` }],
      [{ text: `half within ${duration(facts.p50Ms)}, 99 of 100 within ${duration(facts.p99Ms)}` }],
    ]);
  });
}

function startMember(init: BaseInit): Promise<Member> {
  return createNetwork({
    ...init,
    services: { discovery: discovery(), diagnostics: diagnostics(), groups: groups() },
  });
}
