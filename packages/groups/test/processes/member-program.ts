import { flushCompileCache } from "node:module";
import { discovery } from "@mosaik/discovery";
import { deriveKey } from "@mosaik/primitives";
import { createNetwork } from "@mosaik/transport";
import { libp2pTransport } from "@mosaik/transport/libp2p";
import { GroupKey, groups, lanTimings } from "../../src/index.ts";
import { fileStorage } from "../../src/storage/node/index.ts";
import { type Change, Ledger } from "./ledger.ts";
import type { Ask, Call, MemberInit, Notice } from "./messages.ts";

/*
 * One member in a process of its own, over real sockets and on a real disk. Whoever started it asks
 * over the channel between the processes; when that is gone, so is this.
 */

const { number, secret, ports, directory }: MemberInit = JSON.parse(process.argv[2] ?? "{}");
const keyOf = (what: string): Uint8Array => deriveKey(Buffer.from(secret, "hex"), what);
const say = (notice: Notice): void => void process.send?.(notice);
process.on("disconnect", () => process.exit(0));

const address = (port: number | undefined): string => `/ip4/127.0.0.1/tcp/${port}`;
const network = await createNetwork({
  network: "processes",
  seeds: ports.filter((_, at) => at !== number).map(address),
  secret,
  secretKey: keyOf(`member ${number}`),
  transport: libp2pTransport({ listen: [address(ports[number])] }),
  services: { discovery: discovery(), groups: groups() },
});
const group = await network.groups.join({
  key: GroupKey.of(keyOf("group")),
  machine: Ledger,
  storage: fileStorage(directory),
  founders: ports.length,
  timings: lanTimings,
  limits: { snapshotEntries: 500, snapshotTrailing: 50 },
});

say({ kind: "joined", me: group.me });
flushCompileCache(); // a killed process leaves none by itself
let told = "";
group.status.subscribe((status) => {
  const { state, role, term, leader, online, alarms } = status;
  const news = JSON.stringify({ state, role, term, leader, online, alarms });
  if (news !== told) say({ kind: "status", status });
  told = news;
});

process.on("message", ({ call, ask }: Call) => {
  answer(ask).then(
    (value) => say({ kind: "answer", call, value }),
    (error: unknown) => say({ kind: "failure", call, code: codeOf(error) }),
  );
});

async function answer(ask: Ask) {
  switch (ask.kind) {
    case "change":
      return group.execute(ask.change satisfies Change);
    case "read":
      return (await group.query({ key: ask.key }, { consistency: "strong" })).value;
    case "book":
      return (await group.query("everything", { consistency: "strong" })).value;
    default:
      return ask satisfies never;
  }
}

function codeOf(error: unknown): string {
  const isCoded = error instanceof Error && "code" in error;
  return isCoded ? String(error.code) : String(error);
}
