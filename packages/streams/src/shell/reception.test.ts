import { World } from "@mosaik/testing";
import type { CloseReason, LinkListener } from "@mosaik/transport";
import { describe, expect, it } from "vitest";
import { strangersMax } from "../config.ts";
import type { StreamMessage, Subscribe } from "../wire.ts";
import { Reception, type StreamLink } from "./reception.ts";

const subscribe: Subscribe = {
  kind: "subscribe",
  stream: new Uint8Array(32),
  codec: "raw/1",
  version: 1,
  window: 4096,
  entry: new Uint8Array(1),
};

/** The end of a link that a test holds. */
function link(): { link: StreamLink; listener: () => LinkListener<StreamMessage>; ends: string[] } {
  let listener: LinkListener<StreamMessage> | undefined;
  const ends: string[] = [];
  const over = (name: string): void => {
    ends.push(name);
    listener?.closed({ code: 0, name, text: "", by: "local" } satisfies CloseReason);
  };
  const made = {
    listen: (given: LinkListener<StreamMessage>) => {
      listener = given;
    },
    close: over,
  } as unknown as StreamLink; // all that a reception uses
  const current = (): LinkListener<StreamMessage> => {
    if (listener === undefined) throw new Error("nobody listens");
    return listener;
  };
  return { link: made, listener: current, ends };
}

describe("a reception", () => {
  it("tells a subscription that ended while it began", () => {
    const heard: string[] = [];
    const reception = new Reception(new World({ seed: 1 }).clock(), (link) => {
      link.close("too-slow");
      return { message: () => {}, closed: ({ name }) => void heard.push(name) };
    });
    const end = link();
    reception.accept(end.link);
    end.listener().message(subscribe);
    expect(heard).toEqual(["too-slow"]);
  });

  it("has room for so many strangers, and for more once one has introduced itself", () => {
    const reception = new Reception(new World({ seed: 1 }).clock(), () => ({
      message: () => {},
      closed: () => {},
    }));
    const ends = Array.from({ length: strangersMax + 1 }, link);
    for (const end of ends) reception.accept(end.link);
    expect(ends.map(({ ends }) => ends.length).reduce((sum, count) => sum + count, 0)).toBe(1);
    ends[0]?.listener().message(subscribe);
    const next = link();
    reception.accept(next.link);
    expect(next.ends).toEqual([]);
  });
});
