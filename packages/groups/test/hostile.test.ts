import { encodeId, type PeerId } from "@mosaik/primitives";
import type { ServiceContext } from "@mosaik/transport";
import { describe, expect, it } from "vitest";
import { BondSession } from "../src/bonds/bond-session.ts";
import { bondLimits, groupTimings, lanTimings } from "../src/config.ts";
import { encodeFrame, type Frame } from "../src/core/frames.ts";
import { groupIdentity } from "../src/core/group-identity.ts";
import type { InstanceId } from "../src/raft/member.ts";
import { type BondMessage, type GroupLink, GroupProtocol } from "../src/wire.ts";
import {
  type Cluster,
  Counter,
  type CounterGroup,
  inCluster,
  leaderOf,
  testKey,
} from "./cluster.ts";

interface Talk {
  readonly said: BondMessage[];
  readonly data: number[];
  closed: string | undefined;
}

function listen(link: GroupLink, answer: (message: BondMessage) => void = () => {}): Talk {
  const talk: Talk = { said: [], data: [], closed: undefined };
  link.listen({
    message: (message) => {
      talk.said.push(message);
      answer(message);
    },
    data: (frames) => talk.data.push(frames.byteLength),
    closed: ({ name }) => {
      talk.closed = name;
    },
  });
  return talk;
}

const identity = groupIdentity({
  key: testKey(),
  timings: { ...groupTimings, ...lanTimings },
  founders: 2,
  minVoters: 2,
  signature: Counter.signature,
});
const hello: BondMessage = {
  kind: "hello",
  announced: encodeId(identity.announced),
  nonce: new Uint8Array(32),
};

async function withStranger(
  test: (cluster: Cluster, context: ServiceContext, victim: CounterGroup) => Promise<void>,
): Promise<void> {
  await inCluster(async (cluster) => {
    const { members } = await cluster.group(2);
    const { context, discovery } = await cluster.manual();
    await discovery.when.discovered({ atLeast: 2 });
    await test(cluster, context, leaderOf(members));
    expect(await leaderOf(members).execute({ add: 1 })).toBe(1);
  });
}

const peerOfGroup = (group: CounterGroup) =>
  group.status.value.members.find(({ id }) => id === group.me)?.peer;

describe("a stranger without the key", () => {
  it("learns a nonce and nothing else, is refused at its proof, and after five of them at once", () =>
    withStranger(async (cluster, context, victim) => {
      const peer = peerOfGroup(victim);
      if (!peer) throw new Error("no member");
      for (let attempt = 0; attempt < bondLimits.failuresMax; attempt++) {
        const link = await context.open(GroupProtocol, peer);
        const talk = listen(link, (message) => {
          if (message.kind === "challenge") link.send({ kind: "proof", proof: new Uint8Array(32) });
        });
        link.send(hello);
        await cluster.until(() => talk.closed !== undefined);
        expect(talk.closed).toBe("not-proven");
        expect(talk.said.map(({ kind }) => kind)).toEqual(["challenge"]);
        expect(talk.data).toEqual([]);
      }
      const link = await context.open(GroupProtocol, peer);
      const talk = listen(link);
      link.send(hello);
      await cluster.until(() => talk.closed !== undefined);
      expect(talk.closed).toBe("not-found");
      expect(talk.said).toEqual([]);
      expect(victim.status.value.bonds.length).toBe(1);
      expect(victim.status.value.alarms).toEqual([
        { peer: context.peer, reason: "banned for ten minutes", count: 1 },
      ]);
    }));

  it("is refused whatever it says first, and cannot stay silent for long", () =>
    withStranger(async (cluster, context, victim) => {
      const peer = peerOfGroup(victim);
      if (!peer) throw new Error("no member");
      const frame = encodeFrame({ kind: "leave" });
      const firsts: [string, (link: GroupLink) => void][] = [
        ["protocol-violation", (link) => link.send({ kind: "proof", proof: new Uint8Array(32) })],
        ["protocol-violation", (link) => link.send({ kind: "bonds", peers: [] })],
        ["protocol-violation", (link) => link.sendData(frame)],
        ["not-found", (link) => link.send({ ...hello, announced: new Uint8Array(32) })],
        ["timeout", () => {}],
        ["timeout", (link) => link.send(hello)],
        [
          "protocol-violation",
          (link) => {
            link.send(hello);
            link.sendData(frame);
          },
        ],
      ];
      for (const [reason, begin] of firsts) {
        const link = await context.open(GroupProtocol, peer);
        const talk = listen(link);
        begin(link);
        await cluster.until(() => talk.closed !== undefined, 10_000);
        expect(talk.closed).toBe(reason);
      }
    }));
});

/** A bond that is made by hand, by whoever knows the key. */
async function bondByHand(
  cluster: Cluster,
  context: ServiceContext,
  peer: PeerId,
): Promise<{ readonly link: GroupLink; readonly talk: Talk }> {
  const link = await context.open(GroupProtocol, peer);
  const session = new BondSession({
    role: "dialler",
    network: context.network,
    group: identity.id,
    announced: identity.announced,
    key: identity.bondKey,
    local: context.peer,
    remote: peer,
    nonce: context.random.bytes(32),
    incarnation: "bad",
    memberKind: "data",
  });
  const talk = listen(link, (message) => {
    for (const reply of session.receive(message).send ?? []) link.send(reply);
  });
  for (const message of session.start().send ?? []) link.send(message);
  await cluster.until(() => session.established || talk.closed !== undefined);
  return { link, talk };
}

describe("a member gone bad", () => {
  const raft = (message: Extract<Frame, { kind: "raft" }>["message"]): Frame => ({
    kind: "raft",
    message,
  });

  it("says what is not true; it harms nothing and nobody stops", () =>
    withStranger(async (cluster, context, victim) => {
      const peer = peerOfGroup(victim);
      if (!peer) throw new Error("no member");
      const { instance, term } = victim.status.value;
      const envelope = { instance: instance as InstanceId, term };
      const vote = { kind: "vote-reply", ...envelope, pre: false, granted: true } as const;
      const answer = { hintIndex: 0, hintTerm: 0 };
      const lies: Frame[] = [
        raft({ ...vote, term: term + 1, ballot: term + 1 }),
        raft({ kind: "append-reply", ...envelope, accepted: true, index: 2 ** 40, ...answer }),
        raft({ kind: "fetch", ...envelope, fromIndex: 0, toIndex: 2 ** 50 }),
        raft({ kind: "genesis", ...envelope, attempt: 99, founders: [] }),
        { kind: "submitted", id: 1, index: 7, refusal: undefined },
        { kind: "read-answer", id: 1, index: 0, ok: true },
        { kind: "submit", id: 1, entries: [Uint8Array.of(1, 2, 3), new Uint8Array(0)] },
        { kind: "checkpoint", position: 256, hash: "ffffffffffffffff" },
        ...[1, 5].map((ahead): Frame => {
          const configuration = { members: [] };
          const meta = { index: 2 ** 40, term: 1, configurationIndex: 1, configuration };
          const message = { kind: "snapshot", ...envelope, term: term + ahead, meta } as const;
          return { kind: "snapshot-offer", message, hashes: new Uint8Array(320) };
        }),
        { kind: "snapshot-piece", index: 2 ** 40, term: 1, piece: 0, bytes: new Uint8Array(10) },
        {
          kind: "snapshot-piece",
          index: 2 ** 40,
          term: 1,
          piece: 2 ** 31,
          bytes: new Uint8Array(10),
        },
        ...Array.from(
          { length: 100 },
          (): Frame => ({ kind: "snapshot-fetch", index: 1, term: 1, piece: 2 ** 31 }),
        ),
        { kind: "snapshot-progress", index: 2 ** 40, term: 1, ok: true },
        { kind: "snapshot-progress", index: 2 ** 40, term: 1, ok: false },
        { kind: "snapshot-gone", index: 2 ** 40, term: 1 },
      ];
      const { link, talk } = await bondByHand(cluster, context, peer);
      for (const lie of lies) link.sendData(encodeFrame(lie));
      await cluster.sleep(2_000);
      expect(talk.closed).toBeUndefined();
      expect(victim.status.value).toMatchObject({ state: "running", online: true, alarms: [] });
    }));

  it("breaks a rule: its bond is closed, an alarm raised, and after five of them it is banned", () =>
    withStranger(async (cluster, context, victim) => {
      const peer = peerOfGroup(victim);
      if (!peer) throw new Error("no member");
      const { instance, term, commit } = victim.status.value;
      const envelope = { instance: instance as InstanceId, term };
      const round = { commit, round: 5 };
      const after = { prevIndex: 0, prevTerm: 0, commit, answered: true } as const;
      const entry = { index: 2, term: term + 9, kind: "command", data: new Uint8Array(0) } as const;
      const breaches: [string, Uint8Array][] = [
        ["another member leads this term", framed({ kind: "heartbeat", ...envelope, ...round })],
        [
          "a term too far ahead",
          framed({ kind: "heartbeat", ...envelope, term: term + 2 ** 21, ...round }),
        ],
        [
          "a term is out of range",
          framed({ kind: "heartbeat", ...envelope, term: 2 ** 53 - 1, ...round }),
        ],
        [
          "terms of entries fall",
          framed({
            kind: "append",
            ...after,
            ...envelope,
            entries: [{ ...entry, configuration: undefined }],
          }),
        ],
        ["a frame does not decode", Uint8Array.of(0, 0, 0, 1, 0xff)],
      ];
      function framed(message: Extract<Frame, { kind: "raft" }>["message"]): Uint8Array {
        return encodeFrame(raft(message));
      }
      for (const [, bytes] of breaches) {
        const { link, talk } = await bondByHand(cluster, context, peer);
        link.sendData(bytes);
        await cluster.until(() => talk.closed !== undefined);
        expect(talk.closed).toBe("protocol-violation");
        expect(victim.status.value).toMatchObject({ state: "running", online: true, term });
      }
      const reasons = [...breaches.map(([reason]) => reason), "banned for ten minutes"];
      expect(victim.status.value.alarms).toEqual(
        reasons.map((reason) => ({ peer: context.peer, reason, count: 1 })),
      );
      const { talk } = await bondByHand(cluster, context, peer);
      expect(talk.closed).toBe("not-found");
    }));
});
