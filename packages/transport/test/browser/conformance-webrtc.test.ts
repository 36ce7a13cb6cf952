import { systemClock as clock, systemRandom as random } from "@mosaik/primitives/system";
import { until } from "@mosaik/testing";
import type { Connection, Transport, TransportFactory } from "@mosaik/transport";
import { libp2pTransport } from "@mosaik/transport/libp2p";
import { webrtc } from "@mosaik/transport/webrtc";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { commands } from "vitest/browser";
import { channelFacts } from "../../src/conformance/channel-facts.ts";
import { endFacts } from "../../src/conformance/end-facts.ts";
import { flowFacts } from "../../src/conformance/flow-facts.ts";
import { Rig } from "../../src/conformance/rig.ts";
import type { Fact } from "../../src/conformance/suite.ts";

let pid = 0;
let relay: { readonly peer: Transport["peer"]; readonly addresses: readonly string[] };

beforeAll(async () => {
  const started = await commands.startNode("packages/transport/test/browser/relay-node.ts");
  pid = started.pid;
  relay = JSON.parse(started.line);
});
afterAll(() => commands.stopNode(pid, "SIGKILL"));

const hello = "/conformance/hello/1";

/** The other end is of the network: the tests have none who says so. */
function admit(connection: Connection): Connection {
  connection.admitted?.();
  return connection;
}

/** Whether it is one over WebRTC; others stay on the relay. */
function isStraight(connection: Connection): boolean {
  return connection.address.includes("/webrtc");
}

/** A transport of a page that is started once the relay keeps a place for it. */
const inPage: TransportFactory = async (context) => {
  const transport = await libp2pTransport({ webrtc: webrtc() })(context);
  return {
    peer: transport.peer,
    addresses: transport.addresses,
    async start(listener) {
      await transport.start({
        ...listener,
        connected: (connection) => {
          admit(connection);
          if (isStraight(connection)) listener.connected(connection);
        },
        opened: (connection, channel) => {
          if (channel.protocol === hello) channel.end();
          else listener.opened(connection, channel);
        },
        connectTo: async () => {}, // it is connected to the only one there is
      });
      transport.serve(hello);
      const { signal } = new AbortController();
      admit(await transport.dial({ addresses: relay.addresses }, { signal }));
      const hasPlace = () => transport.addresses.value.length > 0;
      await until(hasPlace, { clock, withinMs: 10_000, what: "the relay keeps a place" });
    },
    serve: (protocol, options) => transport.serve(protocol, options),
    async dial(target, options) {
      for (;;) {
        const connection = admit(await transport.dial(target, options));
        if (isStraight(connection)) return connection;
        connection.abort(); // a busy machine: the attempt took too long, and the relay's was taken
      }
    },
    close: () => transport.close(),
  };
};

/** The same, but each dial opens a channel: the other end is told of a connection with its first. */
const greeting: TransportFactory = async (context) => {
  const transport = await inPage(context);
  return {
    ...transport,
    async dial(target, options) {
      const connection = await transport.dial(target, options);
      (await connection.open(hello, options)).end();
      return connection;
    },
  };
};

/**
 * What WebRTC does not do, in libp2p 3. A browser takes in whatever arrives, whether it is read or not:
 * a channel is cut at last. And the end of a connection is known at the other end by its channels,
 * which end at once; by itself only after half a minute.
 */
const notOfWebRtc = [
  "a channel that nobody listens to takes a bounded amount, and keeps it",
  "a channel that is full does not keep another from flowing",
  "closing a connection sends what was written, then ends it all once",
  "aborting a connection ends both ends and all channels once",
  "who asks after a connection has ended is told so",
  "closing a transport ends its connections, and nobody reaches it any more",
];

/** A fact of a transport, tested with nodes of its own. */
const factOf =
  (transport: TransportFactory): Fact =>
  (title, check) => {
    if (notOfWebRtc.includes(title)) return;
    it(title, async () => {
      const rig = new Rig({ clock, random, transport, deadAddress: "" });
      try {
        await check(rig);
      } finally {
        await rig.close();
      }
      rig.check();
    });
  };

const fact = factOf(greeting);

// What holds of dialling is about addresses that are listened on: a page has none.
describe("WebRTC between nodes in pages is a transport", () => {
  describe("channels", () => channelFacts(fact));
  describe("flow", () => flowFacts(fact));
  describe("endings", () => endFacts(fact));

  fact("a channel that nobody listens to is cut, and holds no more than some MiB", async (rig) => {
    const { b, outbound } = await rig.pair();
    const { near } = await rig.open(outbound, b);
    const tap = rig.tap(near);
    let sent = 0;
    await rig.until(() => {
      for (; !near.full && tap.ends === 0 && sent < sentMax; sent += block.length)
        near.write(block.slice());
      return tap.ends === 1;
    }, "it is cut");
    expect(sent).toBeLessThan(sentMax);
  });

  factOf(inPage)("one that was given up when it was there is not told of", async (rig) => {
    const [a, b] = [await rig.node(), await rig.node()];
    await rig.dial(a, b);
    const used = await rig.dial(a, b);
    await rig.open(used, b);
    expect(b.connected).toEqual([b.opened[0]?.connection]);
  });

  fact("the end of a connection ends its channels at the other end at once", async (rig) => {
    const { b, outbound } = await rig.pair();
    const channels = [await rig.openTapped(outbound, b), await rig.openTapped(outbound, b)];
    outbound.abort();
    await rig.until(() => channels.every(({ farTap }) => farTap.ends === 1), "they have ended");
  });
});

const block = new Uint8Array(16 * 1_024);
const sentMax = 16 * 1_024 * 1_024;
