import { expect, it } from "vitest";
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
