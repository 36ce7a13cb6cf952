import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { paint, widthOf } from "../terminal/text.ts";
import { press } from "./keys.ts";
import { type Choice, firstChoice, type Rows, tabs } from "./model.ts";
import { view } from "./view.ts";

const anyText = fc
  .array(fc.oneof(fc.integer({ min: 0, max: 0xff }), fc.integer({ min: 0, max: 0x10ffff })), {
    maxLength: 40,
  })
  .map((points) => String.fromCodePoint(...points));

const rowsOf = (text: string): Rows => ({
  peers: [
    {
      peer: text,
      tags: [text],
      looks: true,
      connections: 1,
      relayed: 0,
      rttMs: 3,
      sentPerSecond: 1,
      receivedPerSecond: 2,
      uptimeMs: 5_000,
    },
  ],
  streams: [
    {
      name: text,
      stream: text,
      codec: text,
      version: 1,
      producers: 1,
      consumers: 2,
      itemsPerSecond: 30,
      bytesPerSecond: 0,
      dropped: 0,
      waitingItems: 0,
    },
  ],
  groups: [
    {
      id: text,
      name: text,
      health: "healthy",
      leader: text,
      term: 2,
      members: 3,
      voters: 3,
      commit: 9,
      lag: 0,
    },
  ],
  silent: 0,
});

function press1(choice: Choice, ...keys: string[]): Choice {
  return keys.reduce((now: Choice, key) => {
    const next = press(now, key);
    if (next === "quit") throw new Error("it ended");
    return next;
  }, choice);
}

describe("the screen of top", () => {
  it("is as large as the terminal, and nothing that peers say steers it", () => {
    fc.assert(
      fc.property(
        anyText,
        anyText,
        fc.constantFrom(...tabs),
        fc.integer({ min: 20, max: 200 }),
        (text, filter, tab, columns) => {
          const choice = { ...firstChoice, tab, filter: filter.slice(0, 3) };
          const lines = view(text, rowsOf(text), choice, { columns, rows: 20 });
          expect(lines).toHaveLength(20);
          for (const line of lines) {
            const painted = paint(line, columns, true);
            // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are sent as these
            const plain = painted.replaceAll(/\u001b\[\d+m/g, "");
            expect(plain).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
            expect(widthOf(plain)).toBeLessThanOrEqual(columns);
          }
        },
      ),
    );
  });

  it("sorts, filters and scrolls", () => {
    const [row] = rowsOf("a").peers;
    if (row === undefined) throw new Error("no row");
    const peers = ["b1", "a2", "c3"].map((peer, at) => ({ ...row, peer, connections: at }));
    const shown = (choice: Choice, rows = 20): string[] =>
      view("n", { ...rowsOf("a"), peers }, choice, { columns: 100, rows })
        .slice(4, -1)
        .map((line) => paint(line, 100, false).slice(0, 2))
        .filter((text) => text.trim() !== "");
    expect(shown(firstChoice)).toEqual(["a2", "b1", "c3"]);
    expect(shown(press1(firstChoice, "r"))).toEqual(["c3", "b1", "a2"]);
    expect(shown(press1(firstChoice, "s", "s"))).toEqual(["b1", "a2", "c3"]);
    expect(shown(press1(firstChoice, "/", "c", "3", "\r"))).toEqual(["c3"]);
    expect(shown(press1(firstChoice, "/", "c", "\u001b"))).toHaveLength(3);
    expect(shown(press1(firstChoice, "j"), 6)).toEqual(["b1"]);
    expect(press(firstChoice, "q")).toBe("quit");
    expect(press(press1(firstChoice, "/"), "q")).toMatchObject({ filter: "q" });
  });
});
