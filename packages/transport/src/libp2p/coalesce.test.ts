import { defaultLogger } from "@libp2p/logger";
import { AbstractMessageStream, type SendResult } from "@libp2p/utils";
import { Uint8ArrayList } from "uint8arraylist";
import { describe, expect, it } from "vitest";
import { coalesceWrites } from "./coalesce.ts";
import { joinedBytesMax } from "./config.ts";

/** A stream that keeps what is sent, with room for so many bytes until it is emptied. */
class Sink extends AbstractMessageStream {
  readonly sent: Uint8Array[] = [];
  readonly #room: number;
  #held = 0;

  constructor(room = Number.POSITIVE_INFINITY) {
    super({ log: defaultLogger().forComponent("test") });
    this.#room = room;
    coalesceWrites(this);
  }

  /** The sizes of what was sent. */
  get sizes(): number[] {
    return this.sent.map((bytes) => bytes.byteLength);
  }

  /** Makes room. */
  empty(): void {
    this.#held = 0;
    this.safeDispatchEvent("drain");
  }

  override sendData(data: Uint8ArrayList): SendResult {
    for (const bytes of data) this.sent.push(bytes);
    this.#held += data.byteLength;
    return { sentBytes: data.byteLength, canSendMore: this.#held < this.#room };
  }

  override async close(): Promise<void> {}
  override sendReset(): void {}
  override sendPause(): void {}
  override sendResume(): void {}
}

describe("coalesced writes", () => {
  it("go out together when the turn is over", async () => {
    const sink = new Sink();
    for (const byte of [1, 2, 3]) expect(sink.send(Uint8Array.of(byte))).toBe(true);
    expect(sink.sent).toEqual([]);
    await Promise.resolve();
    expect(sink.sent).toEqual([Uint8Array.of(1, 2, 3)]);
  });

  it("take along window updates, which cause no write by themselves", async () => {
    const sink = new Sink();
    const update = Uint8Array.of(0, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 9);
    expect(sink.send(update)).toBe(true);
    await Promise.resolve();
    expect(sink.sent).toEqual([]);
    sink.send(Uint8Array.of(7));
    await Promise.resolve();
    expect(sink.sent).toEqual([Uint8Array.of(7, ...update)]);
  });

  it("go out at once where there is enough for a piece", () => {
    const sink = new Sink();
    for (let sent = 0; sent < joinedBytesMax; sent += 1000) sink.send(new Uint8Array(1000));
    expect(sink.sizes).toEqual([joinedBytesMax]);
  });

  it("leave a large buffer as it is, beside its header", async () => {
    const sink = new Sink();
    const large = new Uint8Array(joinedBytesMax);
    sink.send(new Uint8ArrayList(new Uint8Array(12), large));
    await Promise.resolve();
    expect(sink.sizes).toEqual([12, joinedBytesMax]);
    expect(sink.sent[1]?.buffer).toBe(large.buffer);
  });

  it("wait, in order, while the stream has no room, and tell of it", async () => {
    const sink = new Sink(100);
    expect(sink.send(new Uint8Array(100).fill(1))).toBe(true);
    await Promise.resolve();
    expect(sink.send(Uint8Array.of(2))).toBe(false);
    expect(sink.send(Uint8Array.of(3))).toBe(false);
    await Promise.resolve();
    expect(sink.sizes).toEqual([100]);
    sink.empty();
    expect(sink.sent.slice(1)).toEqual([Uint8Array.of(2, 3)]);
    expect(sink.writableNeedsDrain).toBe(false);
  });

  it("keep a drain that they used up themselves from those above", async () => {
    const sink = new Sink(joinedBytesMax);
    let drains = 0;
    sink.addEventListener("drain", () => drains++);
    sink.send(new Uint8Array(joinedBytesMax));
    sink.send(new Uint8Array(joinedBytesMax));
    sink.send(new Uint8Array(1));
    await Promise.resolve();
    sink.empty();
    expect([sink.sizes.length, drains]).toEqual([2, 0]);
    sink.empty();
    expect([sink.sizes.length, drains]).toEqual([3, 1]);
  });

  it("vanish where the stream has ended, without harm", async () => {
    const sink = new Sink();
    sink.send(Uint8Array.of(1));
    sink.abort(new Error("gone"));
    await Promise.resolve();
    expect(sink.sent).toEqual([]);
  });
});
