import { createNode } from "mosaik";

// A relay in a process of its own. It writes one line: who it is, and an invite to it.
const node = await createNode({ network: "pages", listen: ["ws://127.0.0.1:0"], relay: true });
process.stdout.write(`${JSON.stringify({ peer: node.peer, invite: node.invite() })}\n`);
process.stdin.resume(); // ends with whoever started it
process.stdin.on("end", () => process.exit());
