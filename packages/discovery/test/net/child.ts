import { startNode } from "./node.ts";

// A node in a process of its own: its arguments are its seeds.
const node = await startNode({ seeds: process.argv.slice(2), tags: ["child"] });
await node.discovery.when.discovered({ atLeast: 1 });
process.send?.(node.peer);
setInterval(() => {}, 1_000); // a node alone keeps no process alive
