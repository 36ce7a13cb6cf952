import { isMosaikError } from "@mosaik/primitives";
import { Shop, valueAt } from "./shop.ts";

setInterval(() => {}, 1_000); // nothing else keeps a process alive that has no sockets

// Writes ten at a time, until the disk takes no more or there are a hundred more, and tells all.
const shop = new Shop(process.argv[2] ?? "", 1);
await shop.start(0);
const writer = shop.writer(0);
const found = [...writer.keys()];
const isWhole = [...writer].every(([key, value]) => value === valueAt(key));
const acknowledged: number[] = [];
let code: string | undefined;
const last = found.length === 0 ? 10_000 : found.length + 100;
for (let key = found.length + 1; key <= last && code === undefined; key += 10) {
  const set = async (each: number): Promise<void> => {
    await writer.set(each, valueAt(each));
    acknowledged.push(each);
  };
  await Promise.all(Array.from({ length: 10 }, (_, more) => set(key + more))).catch((error) => {
    code = isMosaikError(error) ? error.code : String(error);
  });
}
process.stdout.write(JSON.stringify({ found, isWhole, acknowledged, code }));
process.exit(0);
