import { resolve } from "node:path";
import { isMosaikError } from "@mosaik/primitives";
import { Exit, exitCodes } from "../errors.ts";
import { pageOf } from "../explain/pages.ts";
import type { Host } from "../host.ts";
import { baseInit } from "../network/init.ts";
import { deadlineOf, type Observer, startObserver } from "../network/join.ts";
import { lookInto, readKeyOf } from "../network/look.ts";
import { readSide, silentSide, type WholeSide } from "../network/sides.ts";
import { whenFound } from "../network/when-found.ts";
import { Printer } from "../output/printer.ts";
import { pause } from "../output/repeat.ts";
import type { Column } from "../output/table.ts";
import type { InspectOptions } from "../settings/common-options.ts";
import { type Finding, fail, ok, warn } from "./finding.ts";
import {
  copiesCheck,
  filesCheck,
  folderCheck,
  listenCheck,
  runtimeCheck,
  webrtcCheck,
} from "./local-checks.ts";
import { catalogsAgree, networkChecks } from "./network-checks.ts";

/** What `doctor` is told. */
export type DoctorOptions = InspectOptions & { readonly data?: string | undefined };

/** Nodes that are looked into. */
const sidesMax = 64;
/** They are looked into again, ms later, while they do not know of as many others, so often at most. */
const lookAgainMs = 300;
const looksMax = 3;

/** Looks for what is wrong, here and in the network; exits with 7 where something is. */
export async function doctor(host: Host, options: DoctorOptions): Promise<void> {
  const printer = new Printer(host, options);
  const findings = [
    runtimeCheck(),
    copiesCheck(host.cwd),
    await webrtcCheck(),
    filesCheck(),
    ...(await Promise.all((options.listen ?? []).map(listenCheck))),
    ...(options.data === undefined ? [] : [folderCheck(resolve(host.cwd, options.data))]),
  ];
  const canListen = findings.every(({ check, level }) => check !== "listen" || level === "ok");
  const { listen: _, ...dialling } = options;
  findings.push(...(await lookAround(host, canListen ? options : dialling)));
  host.signal.throwIfAborted();
  printer.list("findings", findings, columns);
  if (findings.some(({ level }) => level === "fail")) throw new Exit(exitCodes.unhealthy);
}

const styles = { ok: "green", warn: "yellow", fail: "red" } as const;
const columns: readonly Column<Finding>[] = [
  { title: "", of: ({ level }) => level, style: ({ level }) => styles[level] },
  { title: "CHECK", of: ({ check }) => check },
  { title: "WHAT", of: ({ text }) => text },
  { title: "WHAT TO DO", of: ({ remedy }) => remedy ?? "" },
];

async function lookAround(host: Host, options: DoctorOptions): Promise<Finding[]> {
  if (options.network === undefined) {
    return [
      warn("network", "no network was named: nothing was looked at but this machine", "add -n"),
    ];
  }
  const deadline = deadlineOf(host, options);
  let node: Observer | undefined;
  try {
    const init = await baseInit(host, options);
    node = await startObserver(init);
    if (init.seeds.length > 0) await whenFound(node, init.seeds.length, deadline);
    let [own, others] = await sidesOf(host, options, node, deadline);
    // we have just come ourselves: that gets about
    for (let looks = 1; looks < looksMax && !catalogsAgree([own, ...others]); looks++) {
      await pause(lookAgainMs, deadline);
      [own, others] = await sidesOf(host, options, node, deadline);
    }
    return [...reached(node), ...networkChecks(own, others), ...silent(others)];
  } catch (error) {
    return [failure(error)];
  } finally {
    await node?.close();
  }
}

async function sidesOf(
  host: Host,
  options: DoctorOptions,
  node: Observer,
  signal: AbortSignal,
): Promise<readonly [own: WholeSide, others: readonly WholeSide[]]> {
  const known = [...node.connections.value.keys(), ...node.discovery.catalog.value.peers.keys()];
  const peers = [...new Set(known)].slice(0, sidesMax);
  const init = { key: await readKeyOf(host, options), signal };
  const looks = await lookInto(node, [node.peer, ...peers], init, (inspection) =>
    readSide(inspection, signal),
  );
  const sideOf = (peer: (typeof peers)[number]): WholeSide => {
    const look = looks.get(peer);
    return look?.ok === true ? look.value : silentSide(peer);
  };
  return [sideOf(node.peer), peers.map(sideOf)];
}

function reached(node: Observer): Finding[] {
  return node.connections.value.size > 0 ? [ok("seed", "the network was reached")] : [];
}

function silent(others: readonly WholeSide[]): Finding[] {
  const count = others.filter((side) => side.node === undefined).length;
  if (count === 0) return [];
  const text = `${count} of ${others.length} nodes do not let us look`;
  return [warn("inspection", text, "give --read-key-file, or run it where they run")];
}

function failure(error: unknown): Finding {
  if (!isMosaikError(error)) throw error;
  const page = pageOf(error.code);
  const meaning = page === undefined ? error.message : `${error.message} (${error.code})`;
  return fail("seed", meaning, page?.hint ?? "see the message");
}
