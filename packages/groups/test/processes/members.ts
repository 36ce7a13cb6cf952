import { randomBytes, randomInt } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import type { Leash } from "@mosaik/testing/processes";
import { type MemberListener, MemberProcess } from "./member-process.ts";

const memberCount = 3;

/** Three members of a group of their own, not started yet, with disks in a directory. */
export async function createMembers(
  directory: string,
  leash: Leash,
  listener: MemberListener,
): Promise<MemberProcess[]> {
  const ports = await freePorts(memberCount);
  const secret = randomBytes(32).toString("hex");
  const members: MemberProcess[] = [];
  for (let number = 0; number < memberCount; number++) {
    const own = join(directory, `member-${number}`);
    await mkdir(own);
    members.push(new MemberProcess({ number, secret, ports, directory: own }, leash, listener));
  }
  return members;
}

/**
 * Ports that nobody listens at, below those that the system hands out by itself. Not drawn from the
 * seed: another run of the same seed would take them while a member is down.
 */
async function freePorts(count: number): Promise<number[]> {
  const ports = new Set<number>();
  while (ports.size < count) {
    const port = randomInt(20_000, 32_000);
    if (await isFree(port)) ports.add(port);
  }
  return [...ports];
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}
