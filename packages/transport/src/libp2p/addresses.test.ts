import { isMosaikError } from "@mosaik/primitives";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  circuitOf,
  isLocal,
  isWebSocket,
  loopbackLast,
  parseAddress,
  parseListenAddress,
  withoutPeer,
} from "./addresses.ts";

const peer = "12D3KooWQK2qQwm4mwbKgRVJfYuDbCYHCaq1HfVVBbFdgmqgFsN9";

const hash = "certhash/uEiCpP6AIF_rBSrZvBzOoAqqPw3t7WtMnmBlwXqlXJ_urfw";

const reachable: readonly (readonly [string, string])[] = [
  ["10.0.0.1:4100", "/ip4/10.0.0.1/tcp/4100"],
  ["[::1]:4100", "/ip6/::1/tcp/4100"],
  ["seed.example:4100", "/dns/seed.example/tcp/4100"],
  ["my_service:4100", "/dns/my_service/tcp/4100"],
  ["localhost:4100", "/dns/localhost/tcp/4100"],
  ["ws://10.0.0.1:4100", "/ip4/10.0.0.1/tcp/4100/ws"],
  ["ws://seed.example/", "/dns/seed.example/tcp/80/ws"],
  ["WSS://seed.example", "/dns/seed.example/tcp/443/tls/ws"],
  ["wss://[2001:db8::1]:8443", "/ip6/2001:db8::1/tcp/8443/tls/ws"],
  ["/ip4/10.0.0.1/tcp/4100", "/ip4/10.0.0.1/tcp/4100"],
  ["/ip4/10.0.0.1/tcp/4100/ws", "/ip4/10.0.0.1/tcp/4100/ws"],
  ["/dns4/seed.example/tcp/443/wss", "/dns4/seed.example/tcp/443/wss"],
  ["/dns6/seed.example/tcp/443/tls/ws", "/dns6/seed.example/tcp/443/tls/ws"],
  ["/ip6zone/eth0/ip6/fe80::1/tcp/4100", "/ip6zone/eth0/ip6/fe80::1/tcp/4100"],
  [`/ip4/10.0.0.1/udp/4100/webrtc-direct/${hash}`, `/ip4/10.0.0.1/udp/4100/webrtc-direct/${hash}`],
  [`/ip4/10.0.0.1/tcp/4100/p2p/${peer}`, `/ip4/10.0.0.1/tcp/4100/p2p/${peer}`],
  [`/ip4/10.0.0.1/tcp/4100/ws/p2p/${peer}`, `/ip4/10.0.0.1/tcp/4100/ws/p2p/${peer}`],
];

const refused = [
  "",
  "seed.example",
  ":4100",
  "10.0.0.1:0",
  "10.0.0.1:65536",
  "10.0.0.300:4100",
  "[::1:4100",
  "[zz::1]:4100",
  "::1:4100",
  "http://seed.example",
  "ws://seed.example/path",
  "ws://user@seed.example",
  "10.0.0.1:4100/",
  "10.0.0.1: 4100",
  "/ip4/10.0.0.1",
  "/ip4/10.0.0.1/udp/4100/quic-v1",
  "/ip4/10.0.0.1/udp/4100/webrtc-direct",
  `/ip4/10.0.0.1/udp/0/webrtc-direct/${hash}`,
  "/ip4/10.0.0.1/tcp/0",
  "/dnsaddr/seed.example",
  `/p2p/${peer}`,
  `/ip4/10.0.0.1/tcp/4100/p2p/${peer}/p2p-circuit`,
  "/ip4/10.0.0.1/tcp/4100/p2p/nobody",
  "/unix/tmp",
];

function isBadAddress(run: () => unknown): boolean {
  try {
    run();
    return false;
  } catch (error) {
    return isMosaikError(error, "NETWORK_BAD_ADDRESS");
  }
}

describe("parseAddress", () => {
  it.each(reachable)("reads %s as %s", (text, address) => {
    expect(parseAddress(text)).toBe(address);
    expect(parseAddress(address)).toBe(address);
  });

  it.each(refused)("refuses '%s'", (text) => {
    expect(isBadAddress(() => parseAddress(text))).toBe(true);
  });

  it("either normalises a text for good or refuses it by name", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.webUrl(), fc.ipV6()), (text) => {
        if (isBadAddress(() => parseAddress(text))) return;
        const address = parseAddress(text);
        expect(parseAddress(address)).toBe(address);
      }),
      { numRuns: 50 },
    );
  });
});

describe("parseListenAddress", () => {
  it("takes IP addresses and any free port", () => {
    expect(parseListenAddress("0.0.0.0:0")).toBe("/ip4/0.0.0.0/tcp/0");
    expect(parseListenAddress("[::]:4100")).toBe("/ip6/::/tcp/4100");
    expect(parseListenAddress("ws://127.0.0.1:0")).toBe("/ip4/127.0.0.1/tcp/0/ws");
    expect(parseListenAddress("localhost:4100")).toBe("/ip4/127.0.0.1/tcp/4100");
    const direct = "/ip4/127.0.0.1/udp/0/webrtc-direct";
    expect(parseListenAddress(direct)).toBe(direct);
    expect(parseListenAddress("/dns4/localhost/tcp/1/ws")).toBe("/ip4/127.0.0.1/tcp/1/ws");
  });

  it.each([
    "seed.example:4100",
    "wss://0.0.0.0:443",
    "/ip4/0.0.0.0/tcp/443/tls/ws",
    `/ip4/0.0.0.0/tcp/4100/p2p/${peer}`,
    `/ip4/0.0.0.0/udp/4100/webrtc-direct/${hash}`,
    "4100",
  ])("refuses '%s'", (text) => {
    expect(isBadAddress(() => parseListenAddress(text))).toBe(true);
  });
});

describe("parts of an address", () => {
  it("leaves out the peer's id", () => {
    expect(withoutPeer(`/ip4/10.0.0.1/tcp/1/ws/p2p/${peer}`)).toBe("/ip4/10.0.0.1/tcp/1/ws");
    expect(withoutPeer("/ip4/10.0.0.1/tcp/1")).toBe("/ip4/10.0.0.1/tcp/1");
  });

  it("puts what leads to the same machine only last", () => {
    const near = ["/ip4/127.0.0.1/tcp/1", "/ip6/::1/tcp/1", "/dns/localhost/tcp/1"];
    const far = ["/ip4/10.127.0.1/tcp/1", "/ip6/::12/tcp/1", "/dns/localhost.example/tcp/1"];
    expect(loopbackLast([...near, ...far])).toEqual([...far, ...near]);
  });
});

describe("where an address is", () => {
  const local = [
    ...[
      "127.0.0.1:1",
      "localhost:1",
      "10.1.2.3:1",
      "172.16.0.1:1",
      "172.31.9.9:1",
      "192.168.0.9:1",
    ],
    ...["169.254.1.1:1", "100.64.0.1:1", "0.0.0.0:1", "[::1]:1", "[fe80::1]:1", "[fd00::1]:1"],
    ...["[::ffff:10.0.0.1]:1", "printer:1", "nas.local:1", "ws://router.lan:1", "db.internal:1"],
    "/ip6zone/eth0/ip6/fe80::1/tcp/1",
  ];
  const global = [
    ...[
      "8.8.8.8:1",
      "172.32.0.1:1",
      "172.15.0.1:1",
      "192.169.0.1:1",
      "100.128.0.1:1",
      "11.0.0.1:1",
    ],
    ...["[2001:db8::1]:1", "seed.example:1", "wss://local.example", "local.example:1"],
  ];

  it.each(local)("%s is local", (text) => expect(isLocal(parseAddress(text))).toBe(true));
  it.each(global)("%s is not local", (text) => expect(isLocal(parseAddress(text))).toBe(false));

  it("leads through a relay, and says to whom", () => {
    const base = "/ip4/1.2.3.4/tcp/1/ws";
    const relayed = `${base}/p2p/${peer}/p2p-circuit`;
    expect(parseAddress(`${relayed}/p2p/${peer}`)).toBe(`${relayed}/p2p/${peer}`);
    const found = { base, relay: peer, peer };
    expect(circuitOf(`${relayed}/p2p/${peer}`)).toEqual({ ...found, webrtc: false });
    expect(circuitOf(`${relayed}/webrtc/p2p/${peer}`)).toEqual({ ...found, webrtc: true });
    expect(circuitOf(`${base}/p2p/${peer}`)).toBeUndefined();
    expect(() => parseAddress(relayed)).toThrow("whom to reach");
    expect(() => parseListenAddress(relayed)).toThrow("viaRelays");
  });

  it("is dialled by WebSockets or not", () => {
    const forms = ["ws://a.example", "wss://a.example", "/dns/a.example/tcp/1/wss", "a.example:1"];
    const peers = forms.map((form) => isWebSocket(`${parseAddress(form)}/p2p/${peer}`));
    expect(peers).toEqual([true, true, true, false]);
    expect(forms.map((form) => isWebSocket(parseAddress(form)))).toEqual(peers);
  });
});
