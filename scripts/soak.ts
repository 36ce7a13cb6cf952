// Long runs: `soak groups …` in real processes, `soak stores …` through the machines. Arguments go on.
const what = process.argv[2];
if (what === "stores") await import("../packages/store/test/model/main.ts");
else await import("../packages/groups/test/processes/main.ts");
