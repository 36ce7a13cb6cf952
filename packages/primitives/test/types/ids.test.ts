import {
  type Digest,
  decodeId,
  type GroupId,
  type NetworkId,
  networkId,
  type PeerId,
  peerId,
  type StoreId,
  type StreamId,
  streamId,
} from "@mosaik/primitives";
import { describe, expectTypeOf, it } from "vitest";

describe("ids", () => {
  it("are brands of their own, none taken for another", () => {
    expectTypeOf<NetworkId>().not.toExtend<PeerId>();
    expectTypeOf<PeerId>().not.toExtend<NetworkId>();
    expectTypeOf<StreamId>().not.toExtend<GroupId>();
    expectTypeOf<GroupId>().not.toExtend<StoreId>();
    expectTypeOf<StoreId>().not.toExtend<StreamId>();
    expectTypeOf<PeerId>().not.toExtend<StreamId>();
  });

  it("are digests, and no plain text or digest is one", () => {
    expectTypeOf<PeerId>().toExtend<Digest>();
    expectTypeOf<Digest>().toExtend<string>();
    expectTypeOf<string>().not.toExtend<Digest>();
    expectTypeOf<Digest>().not.toExtend<PeerId>();
  });

  it("are what their makers say", () => {
    expectTypeOf(networkId).returns.toEqualTypeOf<NetworkId>();
    expectTypeOf(streamId).returns.toEqualTypeOf<StreamId>();
    expectTypeOf(peerId).returns.toEqualTypeOf<PeerId>();
    expectTypeOf(decodeId<GroupId>).returns.toEqualTypeOf<GroupId>();
  });
});
