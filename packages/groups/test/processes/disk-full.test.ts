import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock } from "@mosaik/primitives/system";
import { until } from "@mosaik/testing";
import { createLeash } from "@mosaik/testing/processes";
import { expect, it } from "vitest";
import type { MemberProcess, Reply } from "./member-process.ts";
import { createMembers } from "./members.ts";

it("a process whose disk is full stops its member, the others go on, and with room it comes back as who it was", {
  timeout: 90_000,
}, async () => {
  const directory = await mkdtemp(join(tmpdir(), "mosaik-full-"));
  const leash = createLeash("disk full", directory);
  const died: string[] = [];
  const ids = new Map<number, Set<string>>();
  const members = await createMembers(directory, leash, {
    joined: ({ number }, me) => ids.set(number, (ids.get(number) ?? new Set()).add(me)),
    status: () => {},
    died: ({ number }, how) => died.push(`${number}: ${how}`),
  });
  const [full, ...others] = members as [MemberProcess, MemberProcess, MemberProcess];
  const holds = (condition: () => boolean): Promise<void> =>
    until(condition, { clock: systemClock, withinMs: 30_000, everyMs: 20 });
  try {
    full.start({ fileBytesMax: 300 * 1_024 });
    for (const member of others) member.start();
    await holds(() => members.every(({ status }) => status?.online === true));
    const acknowledged: number[] = [];
    let made = 0;
    const change = async (): Promise<void> => {
      const operation = ++made;
      const change = { operation, key: 1, kind: "write", expected: 0, value: operation } as const;
      const reply = await others[0].ask({ kind: "change", change });
      if (reply.kind === "answer") acknowledged.push(operation);
      else expect(["GROUP_UNKNOWN_OUTCOME", "GROUP_NO_QUORUM"]).toContain(codeOf(reply));
    };
    while (full.status?.state !== "halted") await change();
    expect(full.status.reason).toBe("the storage failed");
    const before = acknowledged.length;
    while (acknowledged.length < before + 20) await change();
    await full.kill();
    full.start();
    await holds(() => full.status?.online === true);
    const [book, ...same] = await Promise.all(
      members.map((member) => member.ask({ kind: "book" })),
    );
    for (const other of same) expect(other).toEqual(book);
    const value = book?.kind === "answer" ? book.value : undefined;
    if (typeof value !== "object") throw new Error("no book");
    const applied = new Set(value.operations);
    expect(applied.size).toBe(value.operations.length);
    expect(acknowledged.filter((operation) => !applied.has(operation))).toEqual([]);
    expect([...ids.values()].map(({ size }) => size)).toEqual([1, 1, 1]);
    expect(died).toEqual([]);
  } finally {
    await Promise.all(members.map((member) => member.kill()));
    await leash.close();
  }
});

function codeOf(reply: Reply): string {
  return reply.kind === "failure" ? reply.code : reply.kind;
}
