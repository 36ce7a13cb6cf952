import { once } from "node:events";
import { connect } from "node:net";
import { Duplex } from "node:stream";
import { connect as connectTls } from "node:tls";
import { generateKeyPair } from "@libp2p/crypto/keys";
import { tcp } from "@libp2p/tcp";
import { tls } from "@libp2p/tls";
import { generateCertificate } from "@libp2p/tls/utils";
import { yamux } from "@libp2p/yamux";
import { concatBytes, encodeUtf8, networkId, silentLog } from "@mosaik/primitives";
import { systemClock as clock, ed25519, systemRandom } from "@mosaik/primitives/system";
import { until } from "@mosaik/testing";
import { createLibp2p } from "libp2p";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { Transport } from "../../src/index.ts";
import { libp2pTransport } from "../../src/libp2p/index.ts";

let node: Transport;

beforeEach(async () => {
  node = await libp2pTransport({ listen: ["127.0.0.1:0"] })({
    network: networkId("tls"),
    identity: ed25519.identity(systemRandom.bytes(32)),
    clock,
    random: systemRandom,
    log: silentLog,
  });
  await node.start({ connected: () => {}, opened: () => {}, discovered: () => {} });
});

afterEach(() => node.close());

it("dials a plain libp2p node over TLS", async () => {
  const plain = await createLibp2p({
    addresses: { listen: ["/ip4/127.0.0.1/tcp/0"] },
    transports: [tcp()],
    connectionEncrypters: [tls()],
    streamMuxers: [yamux()],
  });
  try {
    const addresses = plain.getMultiaddrs().map(String);
    const connection = await node.dial({ addresses }, { signal: AbortSignal.timeout(10_000) });
    await until(() => plain.getConnections().length === 1, { clock, withinMs: 5_000 });
    expect(plain.getConnections()[0]?.encryption).toBe("/tls/1.0.0");
    connection.abort();
  } finally {
    await plain.stop();
  }
});

it("takes the beginning of a handshake that came along with the choice of it", async () => {
  const port = Number(node.addresses.value[0]?.match(/tcp\/(\d+)/)?.[1]);
  const key = await generateKeyPair("Ed25519");
  const secured = connectTls({
    ...(await generateCertificate(key)),
    socket: afterChoosing(port),
    rejectUnauthorized: false,
    ALPNProtocols: ["/yamux/1.0.0"],
  });
  await once(secured, "secureConnect");
  expect(secured.alpnProtocol).toBe("/yamux/1.0.0");
  secured.destroy();
});

const chosen = concatBytes(line("/multistream/1.0.0\n"), line("/tls/1.0.0\n"));

/** What a dialler says and is answered before a handshake, sent together with how that begins. */
function afterChoosing(port: number): Duplex {
  const socket = connect(port, "127.0.0.1");
  let unsaid = chosen;
  let unheard = chosen.byteLength;
  const duplex = new Duplex({
    read: () => {},
    write: (bytes: Uint8Array, _encoding, done) => {
      socket.write(concatBytes(unsaid, bytes), done);
      unsaid = new Uint8Array(0);
    },
    destroy: (error, done) => {
      socket.destroy();
      done(error);
    },
  });
  socket.on("data", (bytes) => {
    const rest = bytes.subarray(Math.min(unheard, bytes.byteLength));
    unheard -= bytes.byteLength - rest.byteLength;
    if (rest.byteLength > 0) duplex.push(rest);
  });
  return duplex;
}

function line(text: string): Uint8Array {
  return concatBytes(Uint8Array.of(text.length), encodeUtf8(text));
}
