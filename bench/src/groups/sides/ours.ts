import { discovery } from "@mosaik/discovery";
import {
  defineMachine,
  type Group,
  groups,
  groupTimings,
  lanTimings,
  type MachineDefinition,
  parseGroupKey,
} from "@mosaik/groups";
import { memoryStorage } from "@mosaik/groups/memory";
import { fileStorage } from "@mosaik/groups/node";
import { type Codec, ok, rawCodec } from "@mosaik/primitives";
import { createNetwork } from "@mosaik/transport";
import { libp2pTransport } from "@mosaik/transport/libp2p";
import { type Client, membersCount, type Side, valueBytes } from "../side.ts";

/** Our groups as a user has them: the public API over the libp2p transport, from within a member. */
export const oursSide: Side = {
  async open({ addresses, directory, timings, key, secretKey }) {
    const network = await createNetwork({
      network: "bench",
      seeds: addresses,
      secretKey: new Uint8Array(Buffer.from(secretKey, "hex")),
      transport: libp2pTransport({ listen: ["/ip4/127.0.0.1/tcp/0"] }),
      services: { discovery: discovery(), groups: groups() },
    });
    const group = await network.groups.join({
      key: parseGroupKey(key),
      machine: Store,
      founders: membersCount,
      timings: timings === "lan" ? lanTimings : groupTimings,
      storage: directory === "" ? memoryStorage() : fileStorage(directory),
    });
    return new Member(network.addresses.join(), group, () => network.close());
  },
};

class Member implements Client {
  readonly address: string;
  readonly close: () => Promise<void>;
  readonly #group: Group<Uint8Array, number, number, number>;
  #last = 0;

  constructor(
    address: string,
    group: Group<Uint8Array, number, number, number>,
    close: () => Promise<void>,
  ) {
    this.address = address;
    this.#group = group;
    this.close = close;
  }

  async isWhole(): Promise<boolean> {
    const { online, members } = this.#group.status.value;
    const whole = members.filter(({ voting, bonded }) => voting && bonded);
    return online && whole.length === membersCount && members.length === membersCount;
  }

  async leads(): Promise<boolean> {
    return this.#group.status.value.role === "leader";
  }

  async write(key: number): Promise<void> {
    const count = await this.#group.execute(framed(key, value));
    if (count <= this.#last) throw new Error(`write ${count} came after write ${this.#last}`);
    this.#last = count;
  }

  async read(key: number, consistency: "strong" | "weak"): Promise<void> {
    const { value: bytes } = await this.#group.query(key, { consistency });
    if (bytes !== valueBytes && bytes !== 0) throw new Error(`a value has ${bytes} bytes`);
  }

  async written(): Promise<number> {
    return (await this.#group.query(countOf, { consistency: "strong" })).value;
  }
}

/** Asks for how many writes there were. */
const countOf = -1;

const keyBytes = 4;

/** A key, then its value. */
function framed(key: number, value: Uint8Array): Uint8Array {
  const bytes = Buffer.allocUnsafe(keyBytes + value.byteLength);
  bytes.writeUInt32BE(key);
  bytes.set(value, keyBytes);
  return bytes;
}

function keyOf(command: Uint8Array): number {
  const at = (index: number): number => command[index] ?? 0;
  return ((at(0) << 24) | (at(1) << 16) | (at(2) << 8) | at(3)) >>> 0;
}

const value = new Uint8Array(valueBytes).fill(7);

const countCodec: Codec<number> = {
  id: "bench/count/1",
  encode: (count) => {
    const bytes = Buffer.allocUnsafe(8);
    bytes.writeDoubleBE(count);
    return bytes;
  },
  decode: (bytes) => ok(new DataView(bytes.buffer, bytes.byteOffset).getFloat64(0)),
};

/** Values by key. A write answers how many there were; a query how many bytes a value has. */
const Store: MachineDefinition<Uint8Array, number, number, number> = defineMachine({
  name: "bench-store",
  commandCodec: rawCodec,
  resultCodec: countCodec,
  create: () => {
    const values = new Map<number, Uint8Array>();
    let count = 0;
    return {
      apply: (command: Uint8Array) => {
        values.set(keyOf(command), command.subarray(keyBytes));
        return ++count;
      },
      query: (key: number) => (key === countOf ? count : (values.get(key)?.byteLength ?? 0)),
      snapshot: () => [
        countCodec.encode(count),
        ...[...values].map(([key, of]) => framed(key, of)),
      ],
      restore: (chunk) => {
        if (chunk.byteLength === 8)
          count = new DataView(chunk.buffer, chunk.byteOffset).getFloat64(0);
        else values.set(keyOf(chunk), chunk.subarray(keyBytes));
      },
    };
  },
});
