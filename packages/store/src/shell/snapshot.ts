import { digest } from "@mosaik/primitives";
import { msgpackCodec } from "@mosaik/primitives/msgpack";
import { chunkBytes } from "../config.ts";
import { formatPrint } from "../core/print.ts";
import { approximateBytes } from "../core/size.ts";
import { type Machine, Refusal, type SavedItem } from "../machines/machine.ts";
import type { RoomState } from "./room.ts";

const format = 1;

/**
 * A state as chunks: a head with the version and size of each store, then items, then an end with
 * a digest of them. Equal states give equal chunks. The state must be a captured one.
 */
export function* snapshotChunks({ machines, versions }: RoomState): Generator<Uint8Array> {
  const sizes = machines.map(({ size }, at) => [versions[at] ?? 0, size]);
  yield msgpackCodec.encode([format, sizes]);
  for (const [store, machine] of machines.entries()) {
    let items: SavedItem[] = [];
    let bytes = 0;
    for (const item of machine.save()) {
      items.push(item);
      bytes += approximateBytes(item);
      if (bytes < chunkBytes) continue;
      yield msgpackCodec.encode([store, items]);
      items = [];
      bytes = 0;
    }
    if (items.length > 0) yield msgpackCodec.encode([store, items]);
  }
  yield msgpackCodec.encode(["end", [sealOf(sizes, machines)]]);
}

/** Stands for the versions, the sizes and the content of all stores. */
function sealOf(
  sizes: readonly (readonly (number | undefined)[])[],
  machines: readonly Machine<unknown>[],
): string {
  const prints = machines.map(({ print }) => formatPrint(print));
  return digest("mosaik/store-snapshot", JSON.stringify([sizes, prints]));
}

/** Reads chunks into machines that are empty yet. */
export class SnapshotReader {
  readonly #into: Pick<RoomState, "machines">;
  #head: readonly (readonly [version: number, size: number])[] | undefined;
  #ended = false;

  constructor(into: Pick<RoomState, "machines">) {
    this.#into = into;
  }

  /** Takes the next chunk; answers the versions of the stores once everything is there. */
  take(chunk: Uint8Array): readonly number[] | "more" | "corrupt" {
    const decoded = msgpackCodec.decode(chunk);
    if (!decoded.ok || !Array.isArray(decoded.value)) return "corrupt";
    const [first, second] = decoded.value;
    if (!Array.isArray(second) || this.#ended) return "corrupt";
    if (this.#head === undefined) return this.#begin(first, second);
    if (first === "end") return this.#finish(this.#head, second);
    const machine = this.#into.machines[Number(first)];
    return machine !== undefined && loadAll(machine, second) ? "more" : "corrupt";
  }

  #begin(found: unknown, sizes: readonly unknown[]): "more" | "corrupt" {
    if (found !== format || sizes.length !== this.#into.machines.length) return "corrupt";
    if (!sizes.every(isPair)) return "corrupt";
    this.#head = sizes;
    return "more";
  }

  #finish(
    head: readonly (readonly [version: number, size: number])[],
    [seal]: readonly unknown[],
  ): readonly number[] | "corrupt" {
    const { machines } = this.#into;
    this.#ended = true;
    const isWhole = machines.every(({ size }, at) => size === head[at]?.[1]);
    return isWhole && seal === sealOf(head, machines)
      ? head.map(([version]) => version)
      : "corrupt";
  }
}

function loadAll(machine: Machine<unknown>, items: readonly unknown[]): boolean {
  try {
    for (const item of items) machine.load(Array.isArray(item) ? item : []);
    return true;
  } catch (error) {
    if (error instanceof Refusal) return false;
    throw error;
  }
}

function isPair(value: unknown): value is readonly [number, number] {
  return Array.isArray(value) && value.length === 2 && value.every(Number.isSafeInteger);
}
