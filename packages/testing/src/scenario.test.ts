import { describe, expect, it } from "vitest";
import { runScenario } from "./scenario.ts";

const sum = ({ args }: { args: readonly string[] }): string =>
  `${args.reduce((total, word) => total + Number(word), 0)}`;

describe("a scenario", () => {
  it("gets the outputs that its commands print now", async () => {
    expect(await runScenario("add 1 2\n----\n4\n\nadd 5\n----\n5\n", sum)).toBe(
      "add 1 2\n----\n3\n\nadd 5\n----\n5\n",
    );
  });

  it("may be written without outputs first", async () => {
    expect(await runScenario("add 1 2\n\n\n\nadd 3", sum)).toBe(
      "add 1 2\n----\n3\n\nadd 3\n----\n3\n",
    );
  });

  it("keeps comments, beside commands and alone", async () => {
    const text = "# Sums.\n\n# two of them\nadd 1 2\n----\n3\n";
    expect(await runScenario(text, sum)).toBe(text);
  });

  it("gives a command its words, options and further lines", async () => {
    const commands: unknown[] = [];
    await runScenario("send now from=1 to=a=b\nfirst\nsecond", (command) => {
      commands.push(command);
      return "";
    });
    expect(commands).toEqual([
      {
        name: "send",
        args: ["now"],
        options: new Map([
          ["from", "1"],
          ["to", "a=b"],
        ]),
        body: ["first", "second"],
      },
    ]);
  });

  it("loses empty lines of an output, so that what it wrote reads the same again", async () => {
    const print = (): string => "one\n\n\ntwo\n\n";
    const written = await runScenario("print", print);
    expect(written).toBe("print\n----\none\ntwo\n");
    expect(await runScenario(written, print)).toBe(written);
  });

  it("fails where a command throws", async () => {
    const broken = (): never => {
      throw new Error("no such command");
    };
    await expect(runScenario("boom", broken)).rejects.toThrow("no such command");
  });
});
