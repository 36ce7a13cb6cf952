import { systemClock as clock } from "@mosaik/primitives/system";
import { until } from "@mosaik/testing";
import { afterEach, describe, expect, it } from "vitest";
import { frame, frameKinds, parseInvite } from "../../src/index.ts";
import { libp2pTransport } from "../../src/libp2p/index.ts";
import { createEchoNode, type EchoNode, EchoProtocol } from "./echo.ts";

/** As the echo protocol, for a test that serves it itself. */
const BulkProtocol = { ...EchoProtocol, id: "/mosaik/test/bulk/1" };
const nodes: EchoNode[] = [];

async function node(
  init: Partial<Parameters<typeof createEchoNode>[0]> = {},
  listen = "/ip4/127.0.0.1/tcp/0",
): Promise<EchoNode> {
  const created = await createEchoNode({
    transport: libp2pTransport({ listen: [listen] }),
    ...init,
  });
  nodes.push(created);
  return created;
}

const connect = (from: EchoNode, to: EchoNode): Promise<string> =>
  from.echo.context.connect(to.addresses[0] ?? "");

afterEach(async () => {
  await Promise.all(nodes.splice(0).map((each) => each.close()));
});

describe("a network on real sockets", () => {
  it("connects two nodes, who then know each other and the way between them", async () => {
    const [ada, ben] = [await node(), await node()];
    expect(await connect(ben, ada)).toBe(ada.peer);
    await until(() => ada.connections.value.has(ben.peer), { clock, withinMs: 2_000 });
    expect(ben.connections.value.get(ada.peer)?.direction).toBe("outbound");
    expect(ben.connections.value.get(ada.peer)?.rttMs).toBeGreaterThan(0);
    expect(ada.connections.value.get(ben.peer)?.direction).toBe("inbound");
  });

  it("carries messages both ways and says why a link was closed", async () => {
    const [ada, ben] = [await node(), await node({}, "/ip4/127.0.0.1/tcp/0/ws")];
    const link = await ada.echo.context.open(EchoProtocol, (await connect(ada, ben)) as never);
    const heard: string[] = [];
    const reasons: unknown[] = [];
    link.listen({ message: (text) => heard.push(text), closed: (reason) => reasons.push(reason) });
    for (const text of ["a", "b", "c", "tired?"]) link.send(text);
    await until(() => reasons.length > 0, { clock, withinMs: 2_000 });
    expect(heard).toEqual(["a", "b", "c"]);
    expect(reasons).toEqual([{ code: 100, name: "tired", text: "very", by: "remote" }]);
    expect(ben.echo.closed).toEqual([{ code: 100, name: "tired", text: "very", by: "local" }]);
  });

  it("refuses a node of another network, on both sides", async () => {
    const [ada, eve] = [await node(), await node({ network: "other" })];
    await expect(connect(eve, ada)).rejects.toMatchObject({ code: "NETWORK_DIFFERENT" });
    expect(ada.connections.value.size).toBe(0);
    expect(eve.connections.value.size).toBe(0);
  });

  it("refuses a node with another secret or none, and admits one with the invite's", async () => {
    const secret = "correct horse battery staple";
    const ada = await node({ secret });
    const eve = await node({ secret: "incorrect horse battery" });
    await expect(connect(await node(), ada)).rejects.toMatchObject({
      code: "NETWORK_WRONG_SECRET",
    });
    await expect(connect(eve, ada)).rejects.toMatchObject({ code: "NETWORK_WRONG_SECRET" });
    await expect(connect(ada, eve)).rejects.toMatchObject({ code: "NETWORK_WRONG_SECRET" });
    expect(parseInvite(ada.invite()).secret).toBeUndefined();
    const ben = await node({ seeds: [ada.invite({ withSecret: true })] });
    expect(ben.echo.context.seeds).toEqual(ada.addresses);
    expect(await connect(ben, ada)).toBe(ada.peer);
  });

  it("refuses an invite of another network and a secret that could be guessed", async () => {
    const ada = await node();
    await expect(node({ network: "other", seeds: [ada.invite()] })).rejects.toMatchObject({
      code: "NETWORK_BAD_INVITE",
    });
    await expect(node({ secret: "short" })).rejects.toThrow(RangeError);
  });

  it("says that a port is taken", async () => {
    const ada = await node();
    await expect(node({}, ada.addresses[0])).rejects.toMatchObject({
      code: "NETWORK_LISTEN_FAILED",
    });
  });

  it("has the same identity for the same key", async () => {
    const secretKey = new Uint8Array(32).fill(5);
    const ada = await node({ secretKey });
    await ada.close();
    expect((await node({ secretKey })).peer).toBe(ada.peer);
  });

  it("tells the others when it goes, and is closed by its signal", async () => {
    const stop = new AbortController();
    const [ada, ben] = [await node({ signal: stop.signal }), await node()];
    const link = await ben.echo.context.open(EchoProtocol, (await connect(ben, ada)) as never);
    const lost: string[] = [];
    const closed: string[] = [];
    ben.echo.context.onDisconnect((_peer, reason) => lost.push(reason.name));
    link.listen({ message: () => {}, closed: (reason) => closed.push(reason.name) });
    stop.abort();
    await until(() => lost.length > 0 && closed.length > 0, { clock, withinMs: 2_000 });
    expect(lost).toEqual(["going-away"]);
    expect(closed).toEqual(["going-away"]);
    await expect(connect(ben, ada)).rejects.toMatchObject({ code: "NETWORK_UNREACHABLE" });
    await expect(ada.echo.context.connect(ben.addresses[0] ?? "")).rejects.toMatchObject({
      code: "NETWORK_CLOSED",
    });
  });

  it("brings all that a node sent before it closed, on whichever connection", async () => {
    const [ada, ben] = [await node(), await node()];
    await Promise.all([connect(ada, ben), connect(ben, ada)]);
    let bytes = 0;
    const reasons: string[] = [];
    ada.echo.context.serve(BulkProtocol, (link) => {
      link.listen({
        message: () => {},
        data: (frames) => {
          bytes += frames.byteLength;
        },
        closed: (reason) => reasons.push(reason.name),
      });
    });
    const lot = frame(frameKinds.data, new Uint8Array(60_000));
    for (let index = 0; index < 4; index++) {
      const link = await ben.echo.context.open(BulkProtocol, ada.peer);
      for (let n = 0; n < 20; n++) link.sendData(lot);
    }
    await ben.close();
    await until(() => reasons.length === 4, { clock, withinMs: 5_000 });
    expect(bytes).toBe(4 * 20 * lot.byteLength);
    expect(reasons).toEqual(Array(4).fill("going-away"));
  });

  it("leaves nothing running when it is closed, twice and at once", async () => {
    const resources = (): number =>
      process.getActiveResourcesInfo().filter((kind) => /TCP|Pipe|UDP|TLS|Timeout/.test(kind))
        .length;
    const before = resources();
    const [ada, ben] = [await node(), await node()];
    await ada.echo.context.open(EchoProtocol, (await connect(ada, ben)) as never);
    await Promise.all([ada.close(), ada.close(), ben.close()]);
    await ada.close();
    await until(() => resources() <= before, { clock, withinMs: 10_000, what: "an empty process" });
  });
});
