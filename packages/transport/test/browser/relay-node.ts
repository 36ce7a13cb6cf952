import { networkId, silentLog } from "@mosaik/primitives";
import { ed25519, systemClock, systemRandom } from "@mosaik/primitives/system";
import { libp2pTransport } from "@mosaik/transport/libp2p";

// A relay in a process of its own that admits everybody. It writes one line: who and where.
const transport = await libp2pTransport({ listen: ["ws://127.0.0.1:0"], relay: true })({
  network: networkId("browser"),
  identity: ed25519.identity(systemRandom.bytes(32)),
  clock: systemClock,
  random: systemRandom,
  log: silentLog,
});
await transport.start({
  connected: (connection) => connection.admitted?.(),
  opened: (_connection, channel) => channel.abort(),
  discovered: () => {},
});
const { peer, addresses } = transport;
process.stdout.write(`${JSON.stringify({ peer, addresses: addresses.value })}\n`);
process.stdin.resume(); // ends with whoever started it
process.stdin.on("end", () => process.exit());
