import { existsSync } from "node:fs";
import { open, rename, rm } from "node:fs/promises";
import { resolve } from "node:path";
import { downloadSnapshot, type SnapshotHead } from "@mosaik/groups";
import type { GroupId, PeerId } from "@mosaik/primitives";
import { CliError } from "../errors.ts";
import type { Host } from "../host.ts";
import { type Joined, type Observer, observe } from "../network/join.ts";
import { readKeyOf } from "../network/look.ts";
import { bytes, short } from "../output/figures.ts";
import { Printer } from "../output/printer.ts";
import { whenAborted } from "../output/repeat.ts";
import type { InspectOptions } from "../settings/common-options.ts";
import { needed } from "../settings/needed.ts";
import { type GroupView, groupOf, groupViews } from "./views.ts";

/**
 * Writes the state of a group, as its leader has it now, into a file that `readSnapshot` of
 * `@mosaik/groups` reads. The time that `--timeout` gives is that of each piece. Until all of it is
 * there and checked, the file is not.
 */
export async function writeSnapshot(
  host: Host,
  wanted: string,
  options: InspectOptions & { readonly out?: string | undefined },
): Promise<void> {
  const printer = new Printer(host, options);
  const file = resolve(host.cwd, needed(options.out, "--out"));
  await observe(host, options, async (joined) => {
    const group = groupOf(await groupViews(host, options, joined), wanted);
    const peer = keeperOf(group);
    const key = await readKeyOf(host, options);
    const init = { signal: joined.deadline, ...(key === undefined ? {} : { key }) };
    await using inspection = await joined.node.diagnostics.inspect(peer, init);
    const download = downloadSnapshot(inspection, group.id as GroupId, { signal: joined.signal });
    const { head, size } = await save(file, download, joined);
    const { machine, position } = head;
    const facts = { file, bytes: size, group: group.id, machine, position, peer };
    const what = `'${machine}' at position ${position}, as ${short(peer)} has it`;
    printer.one(
      facts,
      () => [
        [{ text: `${file}: ${bytes(size)}, ${what}` }],
        [{ text: "readSnapshot of @mosaik/groups makes its machine of it" }],
      ],
      file,
    );
  });
}

/** The best of those that keep the state, which a witness does not. */
function keeperOf({ best, views, id }: GroupView): PeerId {
  const isKeeper = ({ me, members }: typeof best.view): boolean => members[me]?.kind !== "witness";
  if (isKeeper(best.view)) return best.peer;
  const [keeper] = [...views].find(([, view]) => isKeeper(view)) ?? [];
  if (keeper !== undefined) return keeper;
  throw new CliError("CLI_NOT_FOUND", `nobody that lets us look keeps the state of ${short(id)}`);
}

type Download = AsyncGenerator<Uint8Array, SnapshotHead>;

/** Writes a file beside the one that is wanted, which it becomes when it is whole. */
async function save(file: string, download: Download, joined: Joined<Observer>) {
  const part = `${file}.part`;
  if (existsSync(file)) throw unwritable(file, "it exists, and is not overwritten");
  const out = await open(part, "w", 0o600).catch((cause: NodeJS.ErrnoException) => {
    throw unwritable(file, cause.code ?? cause.message, cause);
  });
  try {
    let size = 0;
    for (;;) {
      const next = await Promise.race([download.next(), whenAborted(joined.deadline)]);
      if (next.done) {
        await rename(part, file);
        return { head: next.value, size };
      }
      await out.write(next.value);
      size += next.value.byteLength;
    }
  } finally {
    await out.close();
    await rm(part, { force: true });
  }
}

function unwritable(file: string, reason: string, cause?: unknown): CliError {
  return new CliError("CLI_FILE", `${file} cannot be written: ${reason}`, { cause });
}
