import { createSocket } from "node:dgram";
import type { Upgrader } from "@libp2p/interface";
import { encodeUtf8 } from "@mosaik/primitives";
import { expect, it, vi } from "vitest";
import { libp2pTransport } from "../../src/libp2p/index.ts";
import { createWebRtcCertificate, webrtc } from "../../src/libp2p/webrtc.ts";
import { createEchoNode } from "./echo.ts";

const listen = ["/ip4/127.0.0.1/udp/0/webrtc-direct"];

it("a node that keeps its certificate has it in its address after every start", async () => {
  const certificate = await createWebRtcCertificate();
  for (let start = 0; start < 2; start++) {
    const transport = libp2pTransport({ listen, webrtc: webrtc({ certificate }) });
    await using node = await createEchoNode({ transport });
    expect(node.addresses).toMatchObject([
      expect.stringContaining(`/certhash/${certificate.certhash}`),
    ]);
  }
});

it("a node that has no WebRTC says so when it is to listen by webrtc-direct", async () => {
  await expect(createEchoNode({ transport: libp2pTransport({ listen }) })).rejects.toMatchObject({
    message: expect.stringContaining("needs the option 'webrtc'"),
  });
});

it("a flood of UDP packets has no more handshakes run than may, and the newest ones", async () => {
  const handshakes: AbortSignal[] = [];
  const real = webrtc();
  const watched: typeof real = {
    async load() {
      const { arranged, direct } = await real.load();
      return {
        arranged,
        direct(components: { readonly upgrader: Upgrader }) {
          const { upgrader } = components;
          const { createInboundAbortSignal } = upgrader;
          upgrader.createInboundAbortSignal = (closed) => {
            const signal = createInboundAbortSignal(closed);
            handshakes.push(signal);
            return signal;
          };
          return direct(components as never); // whose they are is libp2p's affair
        },
      };
    },
  };
  const transport = libp2pTransport({ listen, webrtc: watched, handshakesMax: 4 });
  await using node = await createEchoNode({ transport });
  const port = Number(/udp\/(\d+)/.exec(node.addresses[0] ?? "")?.[1]);
  const socket = createSocket("udp4");
  for (let at = 0; at < 20; at++) socket.send(stunRequest(`flood${at}`), port, "127.0.0.1");
  await vi.waitUntil(() => handshakes.length === 20, { timeout: 10_000 });
  socket.close();
  expect(handshakes.map(({ aborted }) => aborted)).toEqual(
    Array.from({ length: 20 }, (_, at) => at < 16),
  );
});

/** What a page sends first: a binding request of STUN by a name that it made up, proven by nothing. */
function stunRequest(name: string): Uint8Array {
  const user = encodeUtf8(`${name.padEnd(25, "x")}:${name.padEnd(26, "x")}`);
  const packet = new DataView(new ArrayBuffer(20 + 4 + user.length + 4 + 20));
  const header = [0x0001, packet.byteLength - 20, 0x2112, 0xa442];
  for (const [at, word] of header.entries()) packet.setUint16(2 * at, word);
  packet.setUint32(20, 0x0006_0000 + user.length); // USERNAME
  packet.setUint32(24 + user.length, 0x0008_0014); // MESSAGE-INTEGRITY
  const bytes = new Uint8Array(packet.buffer);
  bytes.set(user, 24);
  return bytes;
}
