import { expect } from "vitest";
import { echo, itemOf, type Node, never, type Rig } from "./rig.ts";
import type { Fact } from "./suite.ts";

/** What holds of addresses and dialling. */
export function dialFacts(fact: Fact): void {
  fact("once started it has addresses, as multiaddrs without the peer's id", async (rig) => {
    const { transport } = await rig.node();
    expect(transport.addresses.value).not.toEqual([]);
    for (const address of transport.addresses.value) {
      expect(address).toMatch(/^\//);
      expect(address).not.toContain("/p2p/");
    }
  });

  fact("an address is enough to find out who is there", async (rig) => {
    const [a, b] = [await rig.node(), await rig.node()];
    const connection = await a.transport.dial({ addresses: addressesOf(b) }, never);
    expect(connection.peer).toBe(b.transport.peer);
    expect(connection.direction).toBe("outbound");
    expect(connection.address).toMatch(/^\//);
  });

  fact("the one who is dialled learns by whom", async (rig) => {
    const { a, inbound } = await rig.pair();
    expect(inbound.peer).toBe(a.transport.peer);
    expect(inbound.direction).toBe("inbound");
    expect(inbound.address).toMatch(/^\//);
  });

  fact("the listener is not told of connections that were dialled here", async (rig) => {
    const { a } = await rig.pair();
    expect(a.connected).toEqual([]);
  });

  fact("every dial makes a new connection", async (rig) => {
    const { a, b, outbound } = await rig.pair();
    const second = await rig.dial(a, b);
    expect(second).not.toBe(outbound);
    await rig.until(() => b.connected.length === 2, "the second connection is told of");
    second.abort();
    await rig.open(outbound, b);
  });

  fact("two nodes may dial each other at the same moment", async (rig) => {
    const [a, b] = [await rig.node(), await rig.node()];
    const both = await Promise.all([rig.dial(a, b), rig.dial(b, a)]);
    expect(both.map(({ peer }) => peer)).toEqual([b.transport.peer, a.transport.peer]);
    await rig.until(() => a.connected.length + b.connected.length === 2, "both are told");
  });

  fact("twenty dials at once to one node all succeed", async (rig) => {
    const hub = await rig.node();
    const others = await Promise.all(Array.from({ length: 5 }, () => rig.node()));
    const dialers = others.flatMap((node) => [node, node, node, node]);
    const connections = await Promise.all(dialers.map((node) => rig.dial(node, hub)));
    expect(new Set(connections).size).toBe(20);
    await rig.until(() => hub.connected.length === 20, "the node has twenty connections");
  });

  refusals(fact);
  signals(fact);
}

function refusals(fact: Fact): void {
  fact("another peer at the address than the one asked for is refused", async (rig) => {
    const [a, b, c] = [await rig.node(), await rig.node(), await rig.node()];
    const target = { peer: c.transport.peer, addresses: addressesOf(b) };
    await expect(a.transport.dial(target, never)).rejects.toMatchObject({
      code: "NETWORK_UNREACHABLE",
    });
    await noConnectionLeft(rig, b);
  });

  fact("where nobody listens, the error has a reason for each address", async (rig) => {
    const a = await rig.node();
    const { deadAddress } = rig.bed;
    await expect(a.transport.dial({ addresses: [deadAddress] }, never)).rejects.toMatchObject({
      code: "NETWORK_UNREACHABLE",
      retryable: true,
      data: { attempts: [{ address: deadAddress, reason: expect.stringMatching(/./) }] },
    });
  });

  fact("a dead address and a bad one do not keep the next from being tried", async (rig) => {
    const [a, b] = [await rig.node(), await rig.node()];
    const addresses = [rig.bed.deadAddress, "no address", ...addressesOf(b)];
    const connection = await a.transport.dial({ addresses }, never);
    expect(connection.peer).toBe(b.transport.peer);
  });

  fact("a text that is no address is refused as such", async (rig) => {
    const a = await rig.node();
    await expect(a.transport.dial({ addresses: ["no address"] }, never)).rejects.toMatchObject({
      code: "NETWORK_BAD_ADDRESS",
      data: { address: "no address" },
    });
  });

  fact("a node does not connect to itself", async (rig) => {
    const a = await rig.node();
    await expect(a.transport.dial({ addresses: addressesOf(a) }, never)).rejects.toMatchObject({
      code: "NETWORK_UNREACHABLE",
    });
    await noConnectionLeft(rig, a);
  });

  fact("a closed transport dials nobody", async (rig) => {
    const [a, b] = [await rig.node(), await rig.node()];
    await a.transport.close();
    await expect(rig.dial(a, b)).rejects.toMatchObject({ code: "NETWORK_CLOSED" });
  });
}

function signals(fact: Fact): void {
  fact("a dial with an aborted signal rejects with its reason", async (rig) => {
    const [a, b] = [await rig.node(), await rig.node()];
    const reason = new Error("not wanted");
    const signal = AbortSignal.abort(reason);
    await expect(a.transport.dial({ addresses: addressesOf(b) }, { signal })).rejects.toBe(reason);
    await noConnectionLeft(rig, b);
  });

  fact("a dial that is aborted on the way rejects and leaves no connection", async (rig) => {
    const [a, b] = [await rig.node(), await rig.node()];
    const controller = new AbortController();
    const reason = new Error("changed my mind");
    const { signal } = controller;
    const rejected = expect(
      a.transport.dial({ addresses: addressesOf(b) }, { signal }),
    ).rejects.toBe(reason);
    controller.abort(reason);
    await rejected;
    await noConnectionLeft(rig, b);
  });

  fact("aborting the signal after the dial leaves the connection alone", async (rig) => {
    const [a, b] = [await rig.node(), await rig.node()];
    const controller = new AbortController();
    const { signal } = controller;
    const connection = await a.transport.dial({ addresses: addressesOf(b) }, { signal });
    controller.abort();
    const channel = await connection.open(echo, never);
    expect(channel.protocol).toBe(echo);
  });
}

function addressesOf(node: Node): readonly string[] {
  return node.transport.addresses.value;
}

/** Waits until every connection that the node was told of has ended. */
async function noConnectionLeft(rig: Rig, node: Node): Promise<void> {
  await rig.pause(50);
  for (let index = 0; index < node.connected.length; index++) {
    let closed = false;
    itemOf(node.connected, index).onClose(() => {
      closed = true;
    });
    await rig.until(() => closed, "the connection has ended");
  }
}
