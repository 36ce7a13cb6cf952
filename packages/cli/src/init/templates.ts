import { version } from "../version.ts";

/** The names of the templates. */
export type Template = "stream" | "group" | "store" | "browser";

/** The files of a template, and how to run what they are. */
export interface Written {
  readonly files: Readonly<Record<string, string>>;
  readonly run: readonly string[];
}

/** Each template, by the name of the program that is written. */
export const templates: Readonly<Record<Template, (name: string) => Written>> = {
  stream: (name) => ({
    files: { ...projectFiles(name), "hello.ts": stream, "reading.ts": reading },
    run: ["node hello.ts", "node hello.ts speaker INVITE   # what the first one printed"],
  }),
  group: (name) => ({
    files: { ...projectFiles(name), "member.ts": group, "counter.ts": counter },
    run: ["node member.ts", "node member.ts KEY INVITE   # twice, with what the first one printed"],
  }),
  store: (name) => ({
    files: { ...projectFiles(name), "shop.ts": store, "prices.ts": prices },
    run: ["node shop.ts", "node shop.ts KEY INVITE   # with what the first one printed"],
  }),
  browser: (name) => ({
    files: {
      ...projectFiles(name, { vite: "^8.0.0" }),
      "server.ts": browserServer,
      "page.ts": browserPage,
      "reading.ts": reading,
      "index.html": browserHtml,
    },
    run: ["node server.ts   # prints the address of the page", "npx vite"],
  }),
};

function projectFiles(name: string, dev: Readonly<Record<string, string>> = {}) {
  const manifest = {
    name: name.toLowerCase().replaceAll(/[^a-z0-9._-]/g, "-"),
    private: true,
    type: "module",
    dependencies: { mosaik: `^${version}`, zod: "^4.6.7" },
    ...(Object.keys(dev).length > 0 ? { devDependencies: dev } : {}),
  };
  const compilerOptions = {
    target: "es2024",
    lib: ["es2024", "dom", "esnext.disposable"],
    module: "nodenext",
    strict: true,
    noEmit: true,
    erasableSyntaxOnly: true,
    allowImportingTsExtensions: true,
    verbatimModuleSyntax: true,
    skipLibCheck: true,
  };
  return {
    "package.json": `${JSON.stringify(manifest, undefined, 2)}\n`,
    "tsconfig.json": `${JSON.stringify({ compilerOptions }, undefined, 2)}\n`,
    ".gitignore": "node_modules/\n",
  };
}

const reading = `import { defineStream } from "mosaik";
import { z } from "zod";

// What all programs of the network import.
export const Hello = defineStream("hello", { schema: z.object({ from: z.string(), n: z.number() }) });
`;

const stream = `import { createNode } from "mosaik";
import { Hello } from "./reading.ts";

const [role = "listener", ...seeds] = process.argv.slice(2);
const node = await createNode({ network: "hello", tags: [role], seeds });

if (role === "listener") {
  console.log(\`now run: node hello.ts speaker \${node.invite()}\`);
  for await (const { from, n } of node.streams.consume(Hello)) console.log(\`\${from} says \${n}\`);
} else {
  const out = node.streams.produce(Hello);
  await out.when.subscribed();
  for (let n = 1; n <= 5; n++) await out.send({ from: node.peer.slice(0, 8), n });
  await node.close();
}
`;

const counter = `import { defineMachine } from "mosaik";
import { z } from "zod";

// What all members import: each applies the same commands in the same order.
export const Counter = defineMachine({
  name: "counter",
  command: z.object({ add: z.number() }),
  create: () => {
    let total = 0;
    return {
      apply: ({ add }) => {
        total += add;
        return total;
      },
      query: (_: "total") => total,
      snapshot: () => [new TextEncoder().encode(String(total))],
      restore: (chunk) => {
        total = Number(new TextDecoder().decode(chunk));
      },
    };
  },
});
`;

const group = `import {
  createGroupKey,
  createNode,
  formatGroupKey,
  lanTimings,
  memoryStorage,
  parseGroupKey,
} from "mosaik";
import { Counter } from "./counter.ts";

const [keyText, ...seeds] = process.argv.slice(2);
const key = keyText === undefined ? createGroupKey() : parseGroupKey(keyText);
const node = await createNode({ network: "counting", seeds });
if (keyText === undefined) {
  console.log(\`now run twice: node member.ts \${formatGroupKey(key)} \${node.invite()}\`);
}

const group = await node.groups.join({
  key,
  machine: Counter,
  storage: memoryStorage(), // fileStorage("data") of mosaik/node outlives the process
  founders: 3,
  timings: lanTimings,
});
await group.when.online();
console.log(\`the total is \${await group.execute({ add: 1 })}\`);
for await (const { leader, term } of group.status.changes()) {
  console.log(\`term \${term}: \${leader === group.me ? "this one leads" : "another one leads"}\`);
}
`;

const prices = `import { defineMap } from "mosaik";
import { z } from "zod";

// What all programs of the network import.
export const Prices = defineMap({
  name: "prices",
  durability: "memory", // "fsync", with fileStorage of mosaik/node, outlives the processes
  key: z.string(),
  value: z.number(),
});
`;

const store = `import {
  createGroupKey,
  createNode,
  formatGroupKey,
  lanTimings,
  memoryStorage,
  parseGroupKey,
} from "mosaik";
import { Prices } from "./prices.ts";

const [keyText, ...seeds] = process.argv.slice(2);
const key = keyText === undefined ? createGroupKey() : parseGroupKey(keyText);
const node = await createNode({ network: "shopping", seeds });
const options = { key, storage: memoryStorage(), timings: lanTimings };

if (keyText === undefined) {
  const prices = await node.stores.writer(Prices, options);
  await prices.when.online();
  await prices.set("nail", 3);
  console.log(\`now run: node shop.ts \${formatGroupKey(key)} \${node.invite()}\`);
  for (let price = 4; ; price++) {
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    await prices.set("nail", price);
  }
} else {
  const prices = await node.stores.reader(Prices, options);
  for await (const change of prices.watch()) console.log(change);
}
`;

const browserServer = `import { createNode } from "mosaik";
import { Hello } from "./reading.ts";

// Pages come by WebSockets: a node of the network must listen for them.
const node = await createNode({ network: "hello", listen: ["ws://127.0.0.1:0"] });
console.log(\`open http://localhost:5173/#\${encodeURIComponent(node.invite())}\`);
const out = node.streams.produce(Hello);
for (let n = 1; ; n++) {
  out.trySend({ from: "the server", n });
  await new Promise((resolve) => setTimeout(resolve, 1_000));
}
`;

const browserPage = `import { createNode } from "mosaik";
import { Hello } from "./reading.ts";

const invite = decodeURIComponent(location.hash.slice(1));
const node = await createNode({ network: "hello", tags: ["page"], seeds: [invite] });
for await (const { from, n } of node.streams.consume(Hello)) {
  document.body.append(\`\${from} says \${n}\`, document.createElement("br"));
}
`;

const browserHtml = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <title>hello</title>
    <script type="module" src="/page.ts"></script>
  </head>
  <body></body>
</html>
`;
