import type { Clock, Random } from "@mosaik/primitives";
import { describe, it } from "vitest";
import type { TransportFactory } from "../transport.ts";
import { channelFacts } from "./channel-facts.ts";
import { dialFacts } from "./dial-facts.ts";
import { endFacts } from "./end-facts.ts";
import { flowFacts } from "./flow-facts.ts";
import { Rig } from "./rig.ts";

/** Which adapter the suite is run on. */
export interface TransportSuite {
  /** Names the adapter in the titles of the tests. */
  readonly name: string;
  /** Makes the surroundings of one test. */
  createBed(): TransportBed | Promise<TransportBed>;
}

/** What one test runs in. */
export interface TransportBed {
  /** Real or virtual. */
  readonly clock: Clock;
  readonly random: Random;
  /** Makes every transport of the test; each listens on an address of its own. */
  readonly transport: TransportFactory;
  /** An address of the right form at which nobody listens. */
  readonly deadAddress: string;
  /** Runs the test while time passes: for a virtual clock. Default: calls it. */
  run?(test: () => Promise<void>): Promise<void>;
  /** Frees what the bed holds, after the transports are closed. */
  close?(): Promise<void>;
}

/** Declares that something holds of every transport. */
export type Fact = (title: string, check: (rig: Rig) => Promise<void>) => void;

/**
 * Declares, as vitest tests, what holds of every transport. An adapter passes all of them.
 *
 * @example
 * ```ts
 * // not run: declares tests, which only vitest can
 * import { systemClock, systemRandom } from "@mosaik/primitives/system";
 * import { transportSuite } from "@mosaik/transport/conformance";
 * import { libp2pTransport } from "@mosaik/transport/libp2p";
 *
 * transportSuite({
 *   name: "libp2p over TCP",
 *   createBed: () => ({
 *     clock: systemClock,
 *     random: systemRandom,
 *     transport: libp2pTransport({ listen: ["/ip4/127.0.0.1/tcp/0"] }),
 *     deadAddress: "/ip4/127.0.0.1/tcp/1",
 *   }),
 * });
 * ```
 */
export function transportSuite(suite: TransportSuite): void {
  const fact: Fact = (title, check) => {
    it(title, { timeout: testMs }, async () => {
      const bed = await suite.createBed();
      const rig = new Rig(bed);
      const test = async (): Promise<void> => {
        try {
          await check(rig);
        } finally {
          await rig.close();
        }
        rig.check();
      };
      try {
        await (bed.run === undefined ? test() : bed.run(test));
      } finally {
        await bed.close?.();
      }
    });
  };
  describe(`${suite.name} is a transport`, () => {
    describe("dialling", () => dialFacts(fact));
    describe("channels", () => channelFacts(fact));
    describe("flow", () => flowFacts(fact));
    describe("endings", () => endFacts(fact));
  });
}

/** How long a test may take in real time, for adapters with sockets on a busy machine. */
const testMs = 30_000;
