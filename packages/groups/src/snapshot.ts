import { encodeHex, equalBytes, type GroupId } from "@mosaik/primitives";
import { sha256 } from "@mosaik/primitives/system";
import type { Inspection } from "@mosaik/transport";
import { Restoration } from "./core/restoration.ts";
import {
  chained,
  decodeHead,
  emptyChain,
  encodeHead,
  FrameCutter,
  framed,
  type SnapshotHead,
} from "./core/snapshot-file.ts";
import { GroupSnapshotSection } from "./diagnostics.ts";
import { GroupError } from "./errors.ts";
import type { MachineDefinition, StateMachine } from "./state-machine.ts";

/**
 * The state of a group as an inspected node has it now, as the bytes of a file that
 * {@link readSnapshot} reads: one piece after the other, as that node has time for it.
 *
 * @throws GroupError with `GROUP_BAD_SNAPSHOT` where pieces are not what was captured; TransportError
 * as `Inspection.read` does: with `DIAGNOSTICS_FAILED` where that node keeps no state of the group, or
 * two others read; the reason of `signal`. What was yielded until then is no snapshot.
 */
export async function* downloadSnapshot(
  inspection: Inspection,
  group: GroupId,
  { signal }: { readonly signal?: AbortSignal } = {},
): AsyncGenerator<Uint8Array, SnapshotHead> {
  let name: string | undefined;
  let chain = emptyChain;
  for (let piece = 0; ; piece++) {
    const query = { group, piece, ...(name === undefined ? {} : { name }) };
    const told = await inspection.read(GroupSnapshotSection, {
      query,
      ...(signal === undefined ? {} : { signal }),
    });
    const { machine, signature, position } = told;
    const head = { group, machine, signature, position };
    if (name === undefined) yield framed(encodeHead(head));
    name = told.name;
    if (told.bytes === undefined) {
      if (told.hash !== encodeHex(chain)) throw bad("what came is not what was captured");
      yield framed(chain);
      return head;
    }
    chain = chained(sha256, chain, told.bytes);
    yield framed(told.bytes);
  }
}

/** A state that was read from a file. */
export interface ReadSnapshot<Machine> {
  readonly head: SnapshotHead;
  /** A machine in that state. It is in no group. */
  readonly machine: Machine;
}

/**
 * Makes a machine in the state that a file holds, as {@link downloadSnapshot} and `mosaik groups
 * snapshot` write it: to look into it, or to carry it over into another group by commands of yours.
 *
 * @param file - its bytes, in parts of any size: what `createReadStream` of `node:fs` gives, for one.
 * @throws GroupError with `GROUP_BAD_SNAPSHOT` where the file is none, is damaged or cut, or is of a
 * machine with another signature; what `restore` of the machine throws.
 */
export async function readSnapshot<Command, Result, Query, Answer>(
  definition: MachineDefinition<Command, Result, Query, Answer>,
  file: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): Promise<ReadSnapshot<StateMachine<Command, Result, Query, Answer>>> {
  const machine = definition.create();
  const state = new Restoration(machine, () => {});
  let head: SnapshotHead | undefined;
  let chain = emptyChain;
  let last: Uint8Array | undefined;
  for await (const frame of framesOf(file)) {
    if (head === undefined) head = headOf(frame, definition);
    else {
      if (last !== undefined) {
        chain = chained(sha256, chain, last);
        for (const isOurs of state.take(last)) if (!isOurs) throw bad("the file is damaged");
      }
      last = frame;
    }
  }
  if (head === undefined || last === undefined) throw bad("the file is cut");
  if (!equalBytes(last, chain) || !state.finish()) throw bad("the file is cut or damaged");
  return { head, machine };
}

function headOf(frame: Uint8Array, { name, signature }: Signed): SnapshotHead {
  const head = decodeHead(frame);
  if (head === undefined) throw bad("the file is no snapshot of a group");
  if (head.signature === signature) return head;
  const other = head.machine === name ? `another version of '${name}'` : `'${head.machine}'`;
  throw bad(`the snapshot is of ${other}`);
}

type Signed = Pick<MachineDefinition, "name" | "signature">;

async function* framesOf(
  file: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  const cutter = new FrameCutter();
  for await (const part of file) {
    const frames = cutter.take(part);
    if (frames === undefined) throw bad("the file is no snapshot of a group, or is damaged");
    yield* frames;
  }
  if (!cutter.isEven) throw bad("the file is cut");
}

function bad(message: string): GroupError {
  return new GroupError("GROUP_BAD_SNAPSHOT", message);
}
