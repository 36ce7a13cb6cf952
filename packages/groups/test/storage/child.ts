import { writeSync } from "node:fs";
import { parseArgs } from "node:util";
import { batchOf, entriesOf, groupOf, hardOf, metaOf, stage } from "../../src/conformance/rig.ts";
import { fileStorage } from "../../src/storage/node/index.ts";

/*
 * A process that appends until it is killed. Says on its standard output, a line each, the last
 * index that was acknowledged.
 */
const { positionals } = parseArgs({ allowPositionals: true });
const [directory = "", number = "0"] = positionals;

const storage = fileStorage(directory, { segmentBytesMax: 8 * 1_024 });
const log = await storage.open({ group: groupOf("a"), freshIncarnation: `life-${number}` });
const { stored } = log;
const last = stored?.entries.at(-1)?.index ?? stored?.snapshot?.index ?? 0;
writeSync(
  1,
  `${JSON.stringify({ incarnation: log.incarnation, last, term: stored?.hard.term ?? 0 })}\n`,
);
const snapshot = await log.openSnapshot();
for (let chunk = 0; chunk < (snapshot?.chunks ?? 0); chunk++) await snapshot?.read(chunk);
await snapshot?.close();
for (let index = last + 1; ; index++) {
  await log.append(batchOf({ hard: hardOf(index), entries: entriesOf(index, 1, 1) }));
  writeSync(1, `${index}\n`);
  if (index % 40 !== 0) continue;
  await stage(log, metaOf(index - 5), [new Uint8Array(5_000).fill(index)]);
  await log.saveSnapshot(metaOf(index - 5));
}
