import { type ClientHttp2Session, connect } from "node:http2";
import { BinaryReader, BinaryWriter } from "@bufbuild/protobuf/wire";
import { type Client, type Side, valueBytes } from "../side.ts";

/*
 * A client of etcd: gRPC over one HTTP/2 connection of Node's own, bytes laid out once. With the
 * general gRPC library for Node the same etcd answers half as many requests a second, because that
 * takes three times the processor.
 */

/** etcd, from a process beside one of its members. */
export const etcdSide: Side = {
  async open({ addresses }) {
    const [address = ""] = addresses;
    return new EtcdClient(address);
  },
};

class EtcdClient implements Client {
  readonly address: string;
  #session: ClientHttp2Session | undefined;

  constructor(address: string) {
    this.address = address;
  }

  async isWhole(): Promise<boolean> {
    const status = await this.#status().catch(() => undefined); // it is not up yet
    return status !== undefined && status.leader !== "0";
  }

  async leads(): Promise<boolean> {
    const status = await this.#status().catch(() => undefined); // as above
    return status !== undefined && status.leader === status.member;
  }

  async write(key: number): Promise<void> {
    const request = new BinaryWriter().tag(1, 2).string(`k${key}`).tag(2, 2).bytes(value);
    await this.#call("etcdserverpb.KV/Put", request);
  }

  async read(key: number, consistency: "strong" | "weak"): Promise<void> {
    const request = new BinaryWriter().tag(1, 2).string(`k${key}`);
    if (consistency === "weak") request.tag(7, 0).bool(true); // serializable
    await this.#call("etcdserverpb.KV/Range", request);
  }

  async written(): Promise<number> {
    const answer = await this.#call(
      "etcdserverpb.KV/Range",
      new BinaryWriter().tag(1, 2).string("k"),
    );
    return Number(fieldsOf(fieldsOf(answer).bytes(1)).number(3));
  }

  async close(): Promise<void> {
    this.#session?.destroy();
  }

  async #status(): Promise<{ member: string; leader: string }> {
    const answer = fieldsOf(
      await this.#call("etcdserverpb.Maintenance/Status", new BinaryWriter()),
    );
    return { member: fieldsOf(answer.bytes(1)).number(2), leader: answer.number(4) };
  }

  #connected(): ClientHttp2Session {
    if (this.#session === undefined || this.#session.closed || this.#session.destroyed) {
      this.#session = connect(this.address);
      this.#session.on("error", () => undefined); // each call says so
    }
    return this.#session;
  }

  #call(method: string, request: BinaryWriter): Promise<Uint8Array> {
    return new Promise((resolve, reject) => {
      const stream = this.#connected().request({
        ":method": "POST",
        ":path": `/${method}`,
        "content-type": "application/grpc",
        te: "trailers",
      });
      const chunks: Buffer[] = [];
      let status: unknown;
      const noteStatus = (headers: Record<string, unknown>): void => {
        status ??= headers["grpc-status"];
      };
      stream.on("response", noteStatus);
      stream.on("trailers", noteStatus);
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("error", reject);
      stream.on("close", () => {
        if (status === "0") resolve(Buffer.concat(chunks).subarray(frameBytes));
        else reject(new Error(`${method} ended with status ${status}`));
      });
      stream.end(framed(request.finish()));
    });
  }
}

const value = new Uint8Array(valueBytes).fill(7);

/** A message of gRPC stands after a byte that says it is not compressed, and its length. */
const frameBytes = 5;

function framed(message: Uint8Array): Uint8Array {
  const frame = new Uint8Array(frameBytes + message.byteLength);
  new DataView(frame.buffer).setUint32(1, message.byteLength);
  frame.set(message, frameBytes);
  return frame;
}

/** The fields of a message, by their numbers; 0 or nothing where one is not there. */
function fieldsOf(message: Uint8Array): {
  bytes(field: number): Uint8Array;
  number(field: number): string;
} {
  const found = new Map<number, Uint8Array | string>();
  const reader = new BinaryReader(message);
  while (reader.pos < reader.len) {
    const [field, wireType] = reader.tag();
    if (wireType === 0) found.set(field, String(reader.uint64()));
    else if (wireType === 2) found.set(field, reader.bytes());
    else reader.skip(wireType);
  }
  return {
    bytes(field) {
      const known = found.get(field);
      return known instanceof Uint8Array ? known : new Uint8Array(0);
    },
    number(field) {
      const known = found.get(field);
      return typeof known === "string" ? known : "0";
    },
  };
}
