import type { Answers } from "../processes/calls.ts";
import { Arrivals } from "../streams/arrivals.ts";
import { loadOf } from "../streams/load.ts";
import { pump } from "../streams/pump.ts";
import type { Sender } from "../streams/side.ts";
import type { Calls } from "./calls.ts";
import type { Side, SideName } from "./side.ts";
import { libp2pSide } from "./sides/libp2p.ts";
import { oursSide } from "./sides/ours.ts";

const sides: Readonly<Record<SideName, Side>> = { ours: oursSide, libp2p: libp2pSide };
const load = (bytes: number) => loadOf({ name: "", codec: "raw", bytes, consumers: 1 });

let sender: Sender | undefined;
let itemBytes = 1;
const arrivals = new Arrivals();

function producing(): Sender {
  if (sender === undefined) throw new Error("not a producer");
  return sender;
}

/** One end, of one case and one side, in a process or in a page: it ends with it. */
export const answers: Answers<Calls> = {
  relay: (side) => sides[side].relay(),
  produce: async ({ side, bytes, relay }) => {
    itemBytes = bytes;
    sender = await sides[side].produce(load(bytes), relay);
    return sender.address;
  },
  consume: async ({ side, bytes, relay, address }) => {
    await sides[side].consume(load(bytes), relay, address, arrivals);
    return null;
  },
  ready: async () => {
    await producing().ready();
    return null;
  },
  pump: ({ durationMs }) => pump(producing(), durationMs, itemBytes),
  arrived: () => arrivals.next(),
};
