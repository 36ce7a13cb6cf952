import type { Fact } from "../../src/model/fact.ts";
import { formatRecording } from "../../src/model/ndjson.ts";
import { Recording } from "../../src/model/recording.ts";

const big = 1024 * 1024;

/** What a peer might call itself, its streams, its keys. */
export const hostileTexts: readonly string[] = [
  "<script>globalThis.pwned = 1</script>",
  "<img src=x onerror='globalThis.pwned=1'>",
  '"><svg onload=globalThis.pwned=1>',
  "javascript:globalThis.pwned=1",
  "{{constructor.constructor('globalThis.pwned=1')()}}",
  "</title></style></textarea><iframe srcdoc='<script>parent.pwned=1</script>'>",
  "\u202Egnp.exe\u202C\u2066\u2067\u2068\u2069",
  "\u0000\u0007\u001B[31m\u001B]0;title\u0007\u009B",
  `z${"\u0300\u0301\u0302".repeat(200)}`,
  "\u200B\u200C\uFEFF\u2028\u2029",
  "__proto__",
  "constructor",
  "\uD800",
  "𒐫".repeat(300),
  "w".repeat(big),
  "line\nbreak\r\n\ttab",
];

/** A recording in which peers say such texts wherever a text of theirs is shown. */
export function recordingOf(texts: readonly string[]): string {
  const recording = new Recording();
  const facts: Fact[] = [{ at: 1_000, kind: "began", network: texts[0] ?? "", me: "0".repeat(64) }];
  for (const [number, text] of texts.entries()) facts.push(...factsOf(number, text, texts.length));
  recording.add(facts);
  return formatRecording(recording);
}

function factsOf(number: number, text: string, count: number): Fact[] {
  const at = 2_000 + number;
  const peer = idOf(number);
  const other = idOf((number + 1) % count);
  const short = text.slice(0, 500); // what sections let through
  const section = (name: string, to: unknown): Fact => {
    return { at, kind: "section", peer, name, delta: { to } } as Fact; // a section's value is plain
  };
  const identity = {
    name: short,
    stream: idOf(number),
    codec: short,
    version: 1,
    sensitive: false,
    online: true,
  };
  const figures = { items: 1, bytes: 1, dropped: 0, uptimeMs: 1 };
  const traffic = { links: 1, bytesSent: 1, bytesReceived: 1, backlogBytes: 0 };
  return [
    {
      at,
      kind: "entry",
      peer,
      entry: {
        tags: [text, `name=${text}`],
        addresses: [text],
        offers: { [short]: [short] },
        signedAt: 1,
      },
    },
    {
      at,
      kind: "access",
      peer,
      access:
        number % 2 === 0
          ? { state: "failed", code: text, why: text }
          : { state: "open", grant: "read", sections: [text] },
    },
    section("node", {
      network: short,
      peer,
      tags: [short],
      seeds: [short],
      addresses: [short],
      services: [short],
      packages: { [short]: short },
      runtime: short,
      now: 1,
      startedAt: 0,
    }),
    section("connections", {
      [other]: {
        direction: "inbound",
        address: short,
        path: "direct",
        rttMs: 1,
        since: 1,
        protocols: { [short]: traffic },
      },
    }),
    section("dials", {
      [short]: [
        {
          at: 1,
          tookMs: 1,
          ok: false,
          code: short,
          reason: short,
          tried: [{ address: short, reason: short }],
        },
      ],
    }),
    section("refusals", [{ at: 1, peer: short, address: short, reason: short, text: short }]),
    section("streams", {
      produced: {
        [short]: {
          ...identity,
          incarnation: short,
          sequence: 1,
          lag: { policy: short, itemsMax: 1, bytesMax: 1 },
          consumers: { [other]: { ...figures, waitingItems: 1, waitingBytes: 1 } },
          refused: { [short]: { at: 1, reason: short } },
        },
      },
      consumed: {},
    }),
    section("stores", {
      [`${number}`]: {
        name: short,
        kind: short,
        group: short,
        state: "running",
        reason: short,
        role: "reader",
        online: true,
        durability: "memory",
        members: 1,
        version: 1,
        size: 1,
        hash: short,
        lag: 0,
      },
    }),
    section("metrics", {
      [short]: {
        kind: "gauge",
        help: short,
        unit: short,
        label: short,
        numbers: { [short]: 1 },
        distributions: {},
      },
    }),
    {
      at,
      kind: "event",
      peer,
      sequence: 1,
      happenedAt: 1,
      name: text,
      facts: { [short]: text, peer: text },
    },
    {
      at,
      kind: "event",
      peer,
      sequence: 2,
      happenedAt: 1,
      name: "peer.departed",
      facts: { peer: text },
    },
  ];
}

function idOf(number: number): string {
  return number.toString(16).padStart(64, "0");
}
