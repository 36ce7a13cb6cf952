import { type Discovery, discovery } from "@mosaik/discovery";
import {
  createNetwork,
  type DiagnosticsService,
  diagnostics,
  isInvite,
  type NetworkHandle,
  parseInvite,
} from "@mosaik/transport";
import { CliError } from "../errors.ts";
import type { Host } from "../host.ts";
import type { JoinOptions } from "../settings/common-options.ts";
import { timeoutDefaultMs } from "../settings/quantities.ts";
import { type BaseInit, baseInit, type NodeManner } from "./init.ts";
import { whenFound } from "./when-found.ts";

/** The least that a node of a command has. */
export type Observer = NetworkHandle & {
  readonly discovery: Discovery;
  readonly diagnostics: DiagnosticsService;
};

/** A node that is in the network, and how long there is to use it. */
export interface Joined<Node> {
  readonly node: Node;
  /** Ends when the user does. */
  readonly signal: AbortSignal;
  /** Ends when the user does, or with the time that `--timeout` gives from now on. */
  readonly deadline: AbortSignal;
}

/** A signal that ends when the user does, or after `--timeout`. */
export function deadlineOf(host: Host, options: JoinOptions): AbortSignal {
  const ms = options.timeout ?? timeoutDefaultMs;
  const late = new AbortController();
  const message = `it was not done after ${ms / 1_000} s`;
  setTimeout(() => late.abort(new CliError("CLI_TIMEOUT", message)), ms).unref();
  return AbortSignal.any([host.signal, late.signal]);
}

/**
 * Joins the network as an observer, does something, and leaves in order, whatever happens.
 *
 * @throws CliError with `CLI_NO_NETWORK`, `CLI_NO_SEED` or `CLI_TIMEOUT`; TransportError where no seed
 * answers or all refuse us; what `act` throws.
 */
export function observe(
  host: Host,
  options: JoinOptions,
  act: (joined: Joined<Observer>) => Promise<void>,
  manner: NodeManner = {},
): Promise<void> {
  return join(host, options, startObserver, act, manner);
}

/** As {@link observe}, with a node that the caller composes. */
export async function join<Node extends Observer>(
  host: Host,
  options: JoinOptions,
  start: (init: BaseInit) => Promise<Node>,
  act: (joined: Joined<Node>) => Promise<void>,
  manner: NodeManner = {},
): Promise<void> {
  const init = await baseInit(host, options, manner);
  if (init.seeds.length === 0 && options.mdns === undefined) {
    throw new CliError("CLI_NO_SEED", `where is the network '${init.network}'?`);
  }
  const deadline = deadlineOf(host, options);
  const node = await start(init);
  try {
    await whenFound(node, addressesOf(init.seeds).length, deadline);
    await act({
      node,
      signal: host.signal,
      get deadline() {
        return deadlineOf(host, options);
      },
    });
  } catch (error) {
    host.signal.throwIfAborted(); // whatever failed, failed because of that
    throw error;
  } finally {
    await node.close();
  }
}

/** A node that looks, and offers nothing. */
export function startObserver(init: BaseInit): Promise<Observer> {
  return createNetwork({
    ...init,
    services: { discovery: discovery(), diagnostics: diagnostics() },
  });
}

function addressesOf(seeds: readonly string[]): readonly string[] {
  const all = seeds.flatMap((seed) => (isInvite(seed) ? parseInvite(seed).seeds : [seed]));
  return [...new Set(all)];
}
