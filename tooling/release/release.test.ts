import { spawn } from "node:child_process";
import { once } from "node:events";
import { copyFile, glob, mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CommandError, pnpm, run } from "./src/run.ts";
import { packAll, type Tarball } from "./src/tarball.ts";
import { publishedPackages, root, withNeeds } from "./src/workspace.ts";

const buildMs = 600_000;
const checkMs = 120_000;
const installMs = 300_000;

const packages = await publishedPackages();
const tarballs = new Map<string, Tarball>();
let folder = "";

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "mosaik-release-"));
  await pnpm(["run", "build", "--filter=./packages/*"]);
  for (const packed of await packAll(folder)) tarballs.set(packed.name, packed);
}, buildMs);

afterAll(() => rm(folder, { recursive: true, force: true }));

function tarball(name: string): Tarball {
  const found = tarballs.get(name);
  if (found === undefined) throw new Error(`${name} was not packed`);
  return found;
}

describe.each([...packages.keys()])("%s as it is published", (name) => {
  it("is well formed (publint)", { timeout: checkMs }, async () => {
    await run("publint", ["run", tarball(name).file, "--strict"]);
  });

  it("has types that resolve (are the types wrong)", { timeout: checkMs }, async () => {
    await run("attw", [tarball(name).file, "--profile", "esm-only"]);
  });

  it("names no file of its sources and no package by its place in the repository", () => {
    expect(tarball(name).manifest).not.toMatch(/mosaik-source|"workspace:|"\.\/src/);
  });

  it("holds what was built, its licence and its README, and no test", () => {
    const { paths } = tarball(name);
    expect(paths).toEqual(
      expect.arrayContaining(["LICENSE", "README.md", "dist/index.js", "dist/index.d.ts"]),
    );
    const others = paths.filter(
      (path) => !/^(dist\/|LICENSE$|README\.md$|package\.json$)/.test(path),
    );
    expect(others.filter((path) => path !== "CHANGELOG.md")).toEqual([]);
    expect(paths.filter((path) => path.includes(".test."))).toEqual([]);
  });
});

describe("the checks", () => {
  it("refuse a package whose entry is missing and whose types lead nowhere", {
    timeout: checkMs,
  }, async () => {
    const broken = join(folder, "broken");
    await mkdir(broken);
    const entry = { types: "./index.d.ts", import: "./index.js" };
    const manifest = { name: "broken", version: "1.0.0", type: "module", exports: { ".": entry } };
    await writeFile(join(broken, "package.json"), JSON.stringify(manifest));
    await writeFile(join(broken, "index.d.ts"), 'export * from "./missing.js";');
    await run("npm", ["pack", "--pack-destination", folder], { cwd: broken });
    const file = join(folder, "broken-1.0.0.tgz");
    await expect(run("publint", ["run", file, "--strict"])).rejects.toThrow(CommandError);
    await expect(run("attw", [file, "--profile", "esm-only"])).rejects.toThrow(CommandError);
  });
});

/** A folder in which a package is installed from the tarballs, with all of ours that it needs. */
async function install(name: string): Promise<string> {
  const home = join(folder, `with-${basename(name)}`);
  const dependencies = Object.fromEntries(
    [...withNeeds(packages, name)].map((need) => [need, `file:${tarball(need).file}`]),
  );
  const manifest = { name: "empty", private: true, type: "module", dependencies };
  await mkdir(home);
  await writeFile(join(home, "package.json"), JSON.stringify(manifest));
  await run("npm", ["install", "--no-audit", "--no-fund", "--prefer-offline"], { cwd: home });
  return home;
}

describe("a selective install of @mosaik/streams", () => {
  let home = "";

  beforeAll(async () => {
    home = await install("@mosaik/streams");
  }, installMs);

  it("puts no Raft and no WebRTC on disk", async () => {
    const names = await installedPackages(join(home, "node_modules"));
    expect(names).toContain("@mosaik/streams");
    expect(names.filter((name) => /raft|groups|webrtc|react-native/i.test(name))).toEqual([]);
  });

  it("runs a program of two nodes", { timeout: checkMs }, async () => {
    const program = join(root, "tooling/release/src/two-nodes.ts");
    await copyFile(program, join(home, basename(program)));
    const printed = await run(process.execPath, [basename(program)], {
      cwd: home,
      timeoutMs: checkMs,
    });
    expect(printed.trim()).toBe("received 20 21 22");
  });
});

describe("the mosaik command, installed into an empty folder", () => {
  let home = "";
  let command = "";

  beforeAll(async () => {
    home = await install("@mosaik/cli");
    command = join(home, "node_modules/.bin/mosaik");
  }, installMs);

  const mosaik = (...args: readonly string[]): Promise<string> =>
    run(command, args, { cwd: home, timeoutMs: checkMs });

  it("says which version it is, and what there is", { timeout: checkMs }, async () => {
    const manifest: { version: string } = JSON.parse(tarball("@mosaik/cli").manifest);
    expect(JSON.parse(await mosaik("version", "--json"))).toMatchObject({
      mosaik: manifest.version,
    });
    expect(await mosaik("--help")).toMatch(/^ {2}doctor /m);
  });

  it("starts in three times what an empty program takes, at most", {
    timeout: checkMs,
  }, async () => {
    const timed = async (program: string, ...args: readonly string[]): Promise<number> => {
      const begin = performance.now();
      await run(program, args, { cwd: home });
      return performance.now() - begin;
    };
    const ratios: number[] = [];
    for (let pair = 0; pair < 8; pair++) {
      const help = await timed(process.execPath, command, "--help");
      ratios.push(help / (await timed(process.execPath, "-e", "0")));
    }
    // the least: whatever else the machine does slows one of a pair, never both of all
    expect(Math.min(...ratios)).toBeLessThanOrEqual(3);
  });

  it("runs a node, which another one of it finds and looks into", {
    timeout: checkMs,
  }, async () => {
    const network = ["--network", "released"];
    const node = spawn(
      command,
      ["node", ...network, "--listen", "127.0.0.1:0", "--tag", "station"],
      {
        cwd: home,
        stdio: ["ignore", "pipe", "inherit"],
      },
    );
    const ended = once(node, "exit");
    try {
      const [line = ""] = await once(createInterface({ input: node.stdout }), "line");
      const { invite, peer }: { invite: string; peer: string } = JSON.parse(line);
      const listed = JSON.parse(await mosaik("peers", "ls", "--json", "--network", invite));
      expect(listed).toMatchObject({ v: 1, peers: [{ peer, tags: ["station"] }] });
    } finally {
      node.kill("SIGTERM");
    }
    expect(await ended).toEqual([0, null]);
  });
});

/** The names of all packages under a folder of modules, however deep. */
async function installedPackages(modules: string): Promise<string[]> {
  const names = new Set<string>();
  for await (const file of glob("**/package.json", { cwd: modules })) {
    const parts = file.split("/").slice(0, -1);
    const at = parts.lastIndexOf("node_modules") + 1;
    const [scope = "", name = ""] = parts.slice(at);
    const own = scope.startsWith("@") ? 2 : 1;
    if (parts.length - at === own) names.add(own === 2 ? `${scope}/${name}` : scope);
  }
  if (names.size === 0) throw new Error(`nothing is installed: ${await readdir(modules)}`);
  return [...names].sort();
}
