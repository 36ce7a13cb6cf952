import { systemClock, systemRandom } from "@mosaik/primitives/system";
import { World } from "@mosaik/testing";
import { transportSuite } from "@mosaik/transport/conformance";
import { createMemoryNetwork, type MemoryNetworkOptions } from "@mosaik/transport/memory";

let seed = 0;

function inWorld(name: string, conditions: Partial<MemoryNetworkOptions>): void {
  transportSuite({
    name: `memory, ${name}`,
    createBed: () => {
      const world = new World({ seed: ++seed });
      const [clock, random] = [world.clock(), world.random("network")];
      const network = createMemoryNetwork({ clock, random, trace: world.trace, ...conditions });
      return {
        clock,
        random: world.random("suite"),
        transport: (context) => network.transport()(context),
        deadAddress: "/memory/999999",
        run: (test) => world.settle(test(), { withinMs: 120_000 }),
      };
    },
  });
}

inWorld("without latency", {});
inWorld("with latency, in pieces", { latencyMs: [0.5, 20], split: 0.3 });
inWorld("over a slow line", { latencyMs: [5, 5], bytesPerSecond: 2 ** 20 });

transportSuite({
  name: "memory, in real time",
  createBed: () => {
    const network = createMemoryNetwork({ clock: systemClock, random: systemRandom });
    return {
      clock: systemClock,
      random: systemRandom,
      transport: (context) => network.transport()(context),
      deadAddress: "/memory/999999",
    };
  },
});
