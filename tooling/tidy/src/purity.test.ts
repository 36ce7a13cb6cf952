import { describe, expect, it } from "vitest";
import { brokenAt } from "./fixture.ts";
import { portedTime, pureCores } from "./purity.ts";

const core = "packages/streams/src/core/a.ts";
const shell = "packages/streams/src/shell/a.ts";

describe("pure-cores", () => {
  it("finds everything that waits, varies or acts", () => {
    const impure = [
      "async function a() {}",
      "const a = async () => {};",
      "for await (const a of b) c(a);",
      "let a: Promise<void>;",
      "const a = Date.now();",
      "const a = new Date();",
      "const a = Math.random();",
      "setTimeout(a, 1);",
      "setInterval(a, 1);",
      "queueMicrotask(a);",
      "const a = performance.now();",
      "const a = crypto.randomUUID();",
      "const a = process.env;",
      "console.log(1);",
      "const a = globalThis.setTimeout;",
    ];
    for (const text of impure) {
      const [first] = brokenAt(pureCores, { [core]: `\n${text}` });
      expect(`${text} ${first}`).toBe(`${text} ${core}:2`);
      expect(brokenAt(pureCores, { [core.replace(".ts", ".test.ts")]: text })).toEqual([]);
      expect(brokenAt(pureCores, { [shell]: text })).toEqual([]);
    }
  });

  it("takes a property of such a name for what it is", () => {
    const pure = "const a = { process: 1, crypto() {} };\na.process; interface B { console: C }";
    expect(brokenAt(pureCores, { [core]: pure })).toEqual([]);
    expect(brokenAt(pureCores, { [core]: "const a = Math.floor(1); // Date.now()" })).toEqual([]);
    expect(brokenAt(pureCores, { [core]: 'const a = "setTimeout";' })).toEqual([]);
  });
});

describe("ported-time", () => {
  const real = [
    "setTimeout(a, 1);",
    "const t = setInterval(a, 1);",
    "setImmediate(a);",
    "const a = Date.now();",
    "const a = new Date();",
    "const a = performance.now();",
    "const a = Math.random();",
    "const a = AbortSignal.timeout(1);",
  ];

  it("finds real time and randomness in shells and handles", () => {
    for (const text of real) {
      for (const path of [shell, "packages/streams/src/a.ts"]) {
        const [first] = brokenAt(portedTime, { [path]: `\n${text}` });
        expect(`${text} ${first}`).toBe(`${text} ${path}:2`);
      }
    }
  });

  it("passes adapters, tests and applications, and dates that are given", () => {
    for (const text of real) {
      for (const path of [
        "packages/primitives/src/system/a.ts",
        "packages/transport/src/libp2p/a.ts",
        "packages/streams/src/shell/a.test.ts",
        "apps/demo-cluster/src/a.ts",
      ]) {
        expect(brokenAt(portedTime, { [path]: text })).toEqual([]);
      }
    }
    expect(brokenAt(portedTime, { [shell]: "const a = new Date(at); clock.now();" })).toEqual([]);
  });
});
