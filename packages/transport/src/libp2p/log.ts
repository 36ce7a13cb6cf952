import { enable, logger } from "@libp2p/logger";
import type { Log, LogFacts, SwitchableLog } from "@mosaik/primitives";
import { logLine } from "../core/log-line.ts";

/** What is switched on. One for the process, as all loggers of libp2p have it. */
const switched = { namespaces: environmentNamespaces() };

/**
 * The log of libp2p: names under `mosaik:`, switched on by the variable `DEBUG` (in a browser by
 * `localStorage.debug`) or while it runs, for the whole process. Lines go to stderr, or to the
 * console. The lines of a part `p` have the names `mosaik:p:error`, `mosaik:p:warn`, `mosaik:p` and,
 * for detail, `mosaik:p:trace`.
 *
 * @example
 * ```ts
 * import { createNetwork } from "@mosaik/transport";
 * import { libp2pTransport } from "@mosaik/transport/libp2p";
 * import { libp2pLog } from "@mosaik/transport/log";
 *
 * const log = libp2pLog();
 * const node = await createNetwork({
 *   network: "example",
 *   transport: libp2pTransport({ listen: ["127.0.0.1:0"] }),
 *   services: {},
 *   log,
 * });
 * log.namespaces = "mosaik:*,-mosaik:*:trace"; // now it tells what happens, without the detail
 * log.namespaces = "";
 * await node.close();
 * ```
 */
export function libp2pLog(): SwitchableLog {
  return {
    ...named("mosaik"),
    get namespaces() {
      return switched.namespaces;
    },
    set namespaces(namespaces) {
      checkNamespaces(namespaces);
      switched.namespaces = namespaces;
      enable(namespaces);
    },
  };
}

function named(name: string): Log {
  return {
    error: writer(`${name}:error`),
    warn: writer(`${name}:warn`),
    info: writer(name),
    debug: writer(`${name}:trace`),
    child: (part) => named(`${name}:${part.replaceAll(/[^\w.-]/g, "_").slice(0, 64)}`),
  };
}

function writer(name: string): (message: string, facts?: LogFacts) => void {
  let write: ReturnType<typeof logger> | undefined;
  return (message, facts) => {
    write ??= logger(name);
    if (write.enabled) write("%s", logLine(message, facts));
  };
}

/** They become regular expressions: nothing but names and stars, and few of these. */
function checkNamespaces(namespaces: string): void {
  const isFine = namespaces
    .split(",")
    .every((name) => /^-?[\w.:*-]{0,128}$/.test(name) && name.split("*").length <= 5);
  if (isFine && namespaces.length <= 512) return;
  throw new RangeError("namespaces are names with at most four stars, divided by commas");
}

function environmentNamespaces(): string {
  try {
    const { DEBUG } = globalThis.process?.env ?? {};
    return DEBUG ?? globalThis.localStorage?.getItem("debug") ?? "";
  } catch {
    return ""; // a page that may not use its storage
  }
}
