import { systemClock, systemRandom } from "@mosaik/primitives/system";
import { transportSuite } from "../src/conformance/index.ts";
import { libp2pTransport } from "../src/libp2p/index.ts";

transportSuite({
  name: "libp2p over TCP",
  createBed: () => ({
    clock: systemClock,
    random: systemRandom,
    transport: libp2pTransport({ listen: ["127.0.0.1:0"] }),
    deadAddress: "/ip4/127.0.0.1/tcp/1",
  }),
});

transportSuite({
  name: "libp2p over WebSockets",
  createBed: () => ({
    clock: systemClock,
    random: systemRandom,
    transport: libp2pTransport({ listen: ["ws://127.0.0.1:0"] }),
    deadAddress: "/ip4/127.0.0.1/tcp/1/ws",
  }),
});
