import { describe, expect, it } from "vitest";
import { brokenAt } from "./fixture.ts";
import { kindArrows } from "./kind-arrows.ts";

const streams = "packages/streams/src";
const world = {
  [`${streams}/core/a.ts`]: "",
  [`${streams}/shell/a.ts`]: 'import { b } from "../core/a.ts";',
  [`${streams}/node/a.ts`]: 'import { readFile } from "node:fs/promises";',
  [`${streams}/wire.ts`]: 'import * as v from "valibot";',
  [`${streams}/handle.ts`]: 'import { a } from "./shell/a.ts";',
  "packages/transport/src/index.ts":
    'export { frame } from "./core/framing.ts";\nexport { createNetwork } from "./network.ts";',
  "packages/transport/src/core/framing.ts": "",
  "packages/transport/src/network.ts": "",
};
const broken = (path: string, text: string): string[] =>
  brokenAt(kindArrows, { ...world, [path]: text });

describe("kind-arrows", () => {
  it("passes a sound package", () => {
    expect(brokenAt(kindArrows, world)).toEqual([]);
  });

  it("lets a core import cores, wire, contracts and the main entry of primitives", () => {
    const allowed = [
      'import { a } from "./a.ts";',
      'import { Open } from "../wire.ts";',
      'import { digest } from "@mosaik/primitives";',
      'import type { Producer } from "../handle.ts";',
      'import type { Network } from "@mosaik/transport";',
      'import { frame } from "@mosaik/transport";',
    ];
    for (const text of allowed) expect(broken(`${streams}/core/b.ts`, text)).toEqual([]);
  });

  it("finds whatever else a core imports", () => {
    const refused = [
      'import { a } from "../shell/a.ts";',
      'import { a } from "../node/a.ts";',
      'import { a } from "../handle.ts";',
      'import { a } from "../index.ts";',
      'import { createHash } from "node:crypto";',
      'import { ed25519 } from "@mosaik/primitives/system";',
      'import { createNetwork } from "@mosaik/transport";',
      'import * as transport from "@mosaik/transport";',
      'import { ulid } from "ulid";',
    ].map((text) => `\n${text}`);
    const path = `${streams}/core/b.ts`;
    for (const text of refused) {
      // The index is a file here, so that it is the import which is found.
      const files = { ...world, [`${streams}/index.ts`]: "", [path]: text };
      expect(`${text} ${brokenAt(kindArrows, files)}`).toBe(`${text} ${path}:2`);
    }
    expect(broken("packages/groups/src/raft/b.ts", 'import "node:fs";')).toHaveLength(1);
  });

  it("lets tests of cores import what they like", () => {
    expect(broken(`${streams}/core/b.test.ts`, 'import { a } from "../shell/a.ts";')).toEqual([]);
  });

  it("finds a shell that touches Node, libp2p or an adapter", () => {
    for (const from of [
      "node:fs",
      "libp2p",
      "@libp2p/tcp",
      "@multiformats/multiaddr",
      "../node/a.ts",
      "@mosaik/primitives/system",
      "@mosaik/transport/libp2p",
    ]) {
      const text = `import { a } from "${from}";`;
      expect(`${from} ${broken(`${streams}/shell/b.ts`, text)}`).toBe(
        `${from} ${streams}/shell/b.ts:1`,
      );
    }
  });

  it("finds libp2p outside of its folder, types included", () => {
    const text = 'import type { Stream } from "@libp2p/interface";';
    expect(broken("packages/transport/src/network.ts", text)).toHaveLength(1);
    expect(broken("packages/transport/src/memory/a.ts", text)).toHaveLength(1);
    expect(broken("packages/transport/src/libp2p/a.ts", text)).toEqual([]);
  });

  it("finds an adapter that a handle or the main entry imports, and passes a subpath's entry", () => {
    const text = 'import { a } from "./node/a.ts";\nexport const b = a;';
    expect(broken(`${streams}/handle.ts`, text)).toEqual([`${streams}/handle.ts:1`]);
    expect(broken(`${streams}/index.ts`, 'export { a } from "./node/a.ts";')).toHaveLength(1);
    expect(broken(`${streams}/node-storage.ts`, 'export { a } from "./node/a.ts";')).toEqual([]);
    const foreign = 'import { libp2pTransport } from "@mosaik/transport/libp2p";';
    expect(broken(`${streams}/handle.ts`, foreign)).toHaveLength(1);
    expect(broken("packages/mosaik/src/node.ts", foreign)).toEqual([]);
  });
});
