import { expect } from "vitest";
import { echo, itemOf, never } from "./rig.ts";
import type { Fact } from "./suite.ts";

/** What holds of opening channels. */
export function channelFacts(fact: Fact): void {
  fact("both ends of a channel know what it is for and which connection it is on", async (rig) => {
    const { b, outbound, inbound } = await rig.pair();
    const { near, far } = await rig.open(outbound, b);
    expect([near.protocol, far.protocol]).toEqual([echo, echo]);
    expect(itemOf(b.opened, 0).connection).toBe(inbound);
  });

  fact("the one who was dialled may open channels too", async (rig) => {
    const { a, outbound, inbound } = await rig.pair();
    const { near, nearTap, far } = await rig.openTapped(inbound, a);
    expect(itemOf(a.opened, 0).connection).toBe(outbound);
    far.write(Uint8Array.of(1, 2, 3));
    await rig.until(() => nearTap.count === 3, "the bytes arrive");
    expect(near.protocol).toBe(echo);
  });

  fact("a protocol that is not served is refused", async (rig) => {
    const { b, outbound } = await rig.pair();
    await expect(outbound.open("/conformance/other/1", never)).rejects.toMatchObject({
      code: "CHANNEL_UNSUPPORTED_PROTOCOL",
      data: { protocol: "/conformance/other/1" },
    });
    expect(b.opened).toEqual([]);
    await rig.open(outbound, b);
  });

  fact("a protocol is served until that is disposed of", async (rig) => {
    const { b, outbound } = await rig.pair();
    const other = "/conformance/other/1";
    const serving = b.transport.serve(other);
    expect((await outbound.open(other, never)).protocol).toBe(other);
    serving[Symbol.dispose]();
    await expect(outbound.open(other, never)).rejects.toMatchObject({
      code: "CHANNEL_UNSUPPORTED_PROTOCOL",
    });
  });

  fact("an open with an aborted signal rejects with its reason", async (rig) => {
    const { outbound } = await rig.pair();
    const reason = new Error("not wanted");
    const signal = AbortSignal.abort(reason);
    await expect(outbound.open(echo, { signal })).rejects.toBe(reason);
  });

  fact("an open that is aborted on the way rejects and leaves no channel", async (rig) => {
    const { b, outbound } = await rig.pair();
    const controller = new AbortController();
    const reason = new Error("changed my mind");
    const rejected = expect(outbound.open(echo, { signal: controller.signal })).rejects.toBe(
      reason,
    );
    controller.abort(reason);
    await rejected;
    await rig.pause(50);
    const taps = b.opened.map(({ channel }) => rig.tap(channel));
    await rig.until(() => taps.every((tap) => tap.ends === 1), "whatever was opened has ended");
    await rig.open(outbound, b);
  });

  fact("aborting the signal after the open leaves the channel alone", async (rig) => {
    const { b, outbound } = await rig.pair();
    const controller = new AbortController();
    const near = await outbound.open(echo, { signal: controller.signal });
    controller.abort();
    near.write(Uint8Array.of(7));
    await rig.until(() => b.opened.length === 1, "the other end has the channel");
    const tap = rig.tap(itemOf(b.opened, 0).channel);
    await rig.until(() => tap.count === 1, "the byte arrives");
  });

  fact("two hundred channels at once on one connection do not mix", async (rig) => {
    const { b, outbound } = await rig.pair();
    const channels = await Promise.all(
      Array.from({ length: 200 }, () => outbound.open(echo, never)),
    );
    await rig.until(() => b.opened.length === 200, "all are open at the other end");
    for (const { channel } of b.opened) {
      channel.listen({
        received: (bytes) => void channel.write(bytes),
        drained: () => {},
        ended: () => {},
      });
    }
    const taps = channels.map((channel) => rig.tap(channel));
    channels.forEach((channel, index) => void channel.write(Uint8Array.of(index, 255 - index)));
    await rig.until(() => taps.every((tap) => tap.count === 2), "all have their answer");
    taps.forEach((tap, index) => void expect([...tap.bytes]).toEqual([index, 255 - index]));
  });
}
