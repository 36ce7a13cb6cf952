import { stderrLog } from "@mosaik/cli/terminal";
import { createGroupKey } from "mosaik";
import type { Role } from "./contract.ts";
import { createObserver, type Observer } from "./observer.ts";
import { type RunningMember, Supervisor } from "./supervisor.ts";

/** How many processes of each role there are at the start, beside the seed. */
export interface Cast {
  readonly sensors: number;
  readonly aggregators: number;
  readonly recorders: number;
}

/** A cluster: processes, and a dashboard's node among them. */
export interface Cluster {
  readonly supervisor: Supervisor;
  readonly observer: Observer;
  /** Resolves once every process of the cast is up; rejects where one is not. */
  readonly started: Promise<readonly RunningMember[]>;
  /** Says goodbye and ends every process. Idempotent. */
  close(): Promise<void>;
}

/** What a cluster is made with. */
export interface ClusterInit {
  readonly network: string;
  readonly cast: Cast;
  readonly log: string;
  /** Whether its processes answer Prometheus. */
  readonly metrics: boolean;
  /** Told of what processes write and of how they end. */
  readonly say: (name: string, text: string) => void;
  /** Gives up when it aborts. */
  readonly signal: AbortSignal;
}

/**
 * Starts a seed, then everybody else at once, the dashboard's node among them.
 *
 * @throws `Error` where the seed or the dashboard's node does not come up; nothing is left then.
 */
export async function createCluster(init: ClusterInit): Promise<Cluster> {
  const { network, log, metrics, say, signal, cast } = init;
  const key = createGroupKey();
  const supervisor = new Supervisor({ network, key, log, metrics, say });
  const stop = (): void => supervisor.killAll();
  signal.addEventListener("abort", stop, { once: true });
  try {
    const seed = await supervisor.start("seed");
    signal.throwIfAborted();
    const others = rolesOf(cast).map((role) => supervisor.start(role));
    const started = Promise.all([seed, ...others]);
    started.catch(() => {}); // whoever waits sees it
    const { address } = seed.state;
    const observer = await createObserver({ network, key, seed: address, log: stderrLog(log) });
    return {
      supervisor,
      observer,
      started,
      async close() {
        await Promise.all([supervisor.close(), observer.close()]);
      },
    };
  } catch (error) {
    supervisor.killAll();
    await supervisor.close();
    throw error;
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

function rolesOf(cast: Cast): Exclude<Role, "dashboard">[] {
  const many = <Item>(count: number, item: Item): Item[] =>
    Array.from({ length: count }, () => item);
  return [
    ...many(cast.sensors, "sensor" as const),
    ...many(cast.aggregators, "aggregator" as const),
    ...many(cast.recorders, "recorder" as const),
  ];
}
