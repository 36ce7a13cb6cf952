// `pnpm sim <what> …`: simulations by seed. Each has its own options; see the file's head.
const simulations: Readonly<Record<string, string>> = {
  groups: "../packages/groups/test/simulation/main.ts",
  replay: "../packages/store/test/simulation/main.ts",
  views: "../packages/store/test/simulation/main.ts",
};

const [what = ""] = process.argv.slice(2);
const path = simulations[what];
if (path === undefined) {
  process.stderr.write(`usage: pnpm sim ${Object.keys(simulations).join("|")} [options]\n`);
  process.exitCode = 2;
} else await import(path);
