import { networkId, silentLog } from "@mosaik/primitives";
import { ed25519, systemClock, systemRandom } from "@mosaik/primitives/system";
import type { Channel } from "@mosaik/transport";
import { libp2pTransport } from "@mosaik/transport/libp2p";

// A node in a process of its own that sends back what it is sent. It writes one line: who and where.
const transport = await libp2pTransport({ listen: ["127.0.0.1:0", "ws://127.0.0.1:0"] })({
  network: networkId("browser"),
  identity: ed25519.identity(systemRandom.bytes(32)),
  clock: systemClock,
  random: systemRandom,
  log: silentLog,
});
transport.serve("/test/echo/1");
await transport.start({
  connected: () => {},
  opened: (_connection, channel) => echo(channel),
  discovered: () => {},
});
const { peer, addresses } = transport;
process.stdout.write(`${JSON.stringify({ peer, addresses: addresses.value })}\n`);
process.stdin.resume(); // ends with whoever started it
process.stdin.on("end", () => process.exit());

function echo(channel: Channel): void {
  channel.listen({
    received: (bytes) => void channel.write(bytes),
    drained: () => {},
    ended: () => channel.end(),
  });
}
