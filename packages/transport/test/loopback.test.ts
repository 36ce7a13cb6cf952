import { World } from "@mosaik/testing";
import { describe, expect, it } from "vitest";
import { frame, frameKinds } from "../src/core/framing.ts";
import { createNetwork, type LinkListener } from "../src/index.ts";
import { createMemoryNetwork } from "../src/memory/index.ts";
import { EchoProtocol, echo } from "./net/echo.ts";

const Here = { ...EchoProtocol, id: "/mosaik/test/here/1" };

/** Notes what it is told. */
class Noted implements LinkListener<string> {
  readonly events: string[] = [];

  message(text: string): void {
    this.events.push(text);
  }

  data(frames: Uint8Array, count: number): void {
    this.events.push(`${count} frames, ${frames.byteLength} bytes`);
  }

  closed({ name, by }: { readonly name: string; readonly by: string }): void {
    this.events.push(`${name} by ${by}`);
  }
}

describe("a link from a node to itself", () => {
  async function rig() {
    const world = new World({ seed: 1 });
    const clock = world.clock();
    const memory = createMemoryNetwork({ clock, random: world.random("network") });
    const node = await createNetwork({
      network: "echo",
      transport: memory.transport(),
      services: { echo: echo() },
      system: { clock, random: world.random("node") },
    });
    return { world, node, context: node.echo.context };
  }

  it("brings messages, frames and its end to whoever serves the protocol, in order", async () => {
    const { world, node, context } = await rig();
    const [near, far] = [new Noted(), new Noted()];
    context.serve(Here, (link) => link.listen(far));
    const link = await context.open(Here, node.peer);
    link.listen(near);
    link.send("one");
    const bytes = frame(frameKinds.data, new Uint8Array(10));
    link.sendData(new Uint8Array([...bytes, ...bytes]));
    link.send("two");
    expect(far.events).toEqual([]); // a turn later
    link.close();
    link.send("late");
    await world.run(1);
    expect(far.events).toEqual(["one", "2 frames, 28 bytes", "two", "done by remote"]);
    expect(near.events).toEqual(["done by local"]);
    expect(link.peer).toBe(node.peer);
  });

  it("is refused where the node does not serve the protocol", async () => {
    const { node, context } = await rig();
    const code = "CHANNEL_UNSUPPORTED_PROTOCOL";
    await expect(context.open(Here, node.peer)).rejects.toMatchObject({ code });
    context.serve(Here, () => {})[Symbol.dispose]();
    await expect(context.open(Here, node.peer)).rejects.toMatchObject({ code });
  });
});
