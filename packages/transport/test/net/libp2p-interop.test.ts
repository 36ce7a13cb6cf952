import { noise } from "@libp2p/noise";
import { tcp } from "@libp2p/tcp";
import { tls } from "@libp2p/tls";
import { yamux } from "@libp2p/yamux";
import { networkId, silentLog } from "@mosaik/primitives";
import { systemClock as clock, ed25519, systemRandom } from "@mosaik/primitives/system";
import { until } from "@mosaik/testing";
import { multiaddr } from "@multiformats/multiaddr";
import { createLibp2p } from "libp2p";
import { expect, it } from "vitest";
import { libp2pTransport } from "../../src/libp2p/index.ts";

it.each([
  ["TLS", tls()],
  ["noise", noise()],
])("talks with a plain libp2p node over %s", async (_name, encrypter) => {
  const plain = await createLibp2p({
    transports: [tcp()],
    connectionEncrypters: [encrypter],
    streamMuxers: [yamux()],
  });
  const ours = await libp2pTransport({ listen: ["127.0.0.1:0"] })({
    network: networkId("interop"),
    identity: ed25519.identity(systemRandom.bytes(32)),
    clock,
    random: systemRandom,
    log: silentLog,
  });
  ours.serve("/echo/1");
  await ours.start({
    connected: () => {},
    opened: (_connection, channel) =>
      channel.listen({
        received: (bytes) => void channel.write(bytes.slice()),
        drained: () => {},
        ended: () => {},
      }),
    discovered: () => {},
  });
  try {
    const stream = await plain.dialProtocol(multiaddr(ours.addresses.value[0]), "/echo/1");
    const received: number[] = [];
    stream.addEventListener("message", ({ data }) => received.push(...data.subarray()));
    const sent = Array.from({ length: 200 }, (_, index) => index);
    for (const byte of sent) stream.send(Uint8Array.of(byte));
    await until(() => received.length === sent.length, { clock, withinMs: 5_000 });
    expect(received).toEqual(sent);
  } finally {
    await Promise.all([plain.stop(), ours.close()]);
  }
});
