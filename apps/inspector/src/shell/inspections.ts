import type { PeerId } from "@mosaik/primitives";
import { isMosaikError } from "@mosaik/primitives";
import {
  type DiagnosticsService,
  difference,
  type Inspection,
  type Plain,
} from "@mosaik/transport";
import { followed, inspectorLimits } from "./config.ts";
import type { Intake } from "./intake.ts";

interface Watched {
  readonly stop: AbortController;
  /** Where it stands, once it is open. */
  inspection: Inspection | undefined;
  /** The newest event of it that is known. */
  lastEvent: number;
  /** What its sections were last. */
  readonly told: Map<string, Plain>;
}

/** Looks into every peer that is there, a few at a time being opened, and keeps looking. */
export class Inspections {
  readonly #diagnostics: DiagnosticsService;
  readonly #intake: Intake;
  readonly #mayWrite: boolean;
  readonly #watched = new Map<PeerId, Watched>();
  readonly #queue: (() => void)[] = [];
  #opening = 0;
  #open = 0;

  constructor(diagnostics: DiagnosticsService, intake: Intake, mayWrite: boolean) {
    this.#diagnostics = diagnostics;
    this.#intake = intake;
    this.#mayWrite = mayWrite;
  }

  /** The inspection of a peer, where it is open. */
  of(peer: string): Inspection | undefined {
    return this.#watched.get(peer as PeerId)?.inspection; // a text that is none is not there
  }

  /** These peers are there now: new ones are looked into, those that are gone no longer. */
  follow(peers: Iterable<PeerId>): void {
    const present = new Set(peers);
    for (const peer of this.#watched.keys()) if (!present.has(peer)) this.#drop(peer);
    for (const peer of present) {
      if (this.#watched.has(peer)) continue;
      const stop = new AbortController();
      const watched: Watched = { stop, inspection: undefined, lastEvent: 0, told: new Map() };
      this.#watched.set(peer, watched);
      void this.#watch(peer, watched);
    }
  }

  /** Ends all. */
  close(): void {
    for (const peer of this.#watched.keys()) this.#drop(peer);
  }

  #drop(peer: PeerId): void {
    const watched = this.#watched.get(peer);
    this.#watched.delete(peer);
    watched?.stop.abort();
    watched?.inspection?.close();
  }

  async #watch(peer: PeerId, watched: Watched): Promise<void> {
    const { signal } = watched.stop;
    for (let attempt = 0; !signal.aborted; attempt++) {
      try {
        const inspection = await this.#enter(peer, signal);
        attempt = 0;
        watched.inspection = inspection;
        this.#open += 1;
        const { grant, sections } = inspection;
        const access = { state: "open", grant, sections: [...sections.keys()] } as const;
        this.#intake.push({ kind: "access", peer, access });
        await this.#look(inspection, watched).finally(() => {
          this.#open -= 1;
          watched.inspection = undefined;
          inspection.close();
        });
      } catch (error) {
        if (signal.aborted) return;
        this.#intake.push({ kind: "access", peer, access: { state: "failed", ...told(error) } });
      }
      await pause(backoffMs(attempt), signal);
    }
  }

  /** Opens an inspection once it is its turn. */
  async #enter(peer: PeerId, signal: AbortSignal): Promise<Inspection> {
    if (this.#open >= inspectorLimits.openMax) {
      throw new Error(`this page looks into ${inspectorLimits.openMax} nodes at once at most`);
    }
    while (this.#opening >= inspectorLimits.openingMax) {
      await new Promise<void>((resolve) => this.#queue.push(resolve));
    }
    this.#opening += 1;
    try {
      this.#intake.push({ kind: "access", peer, access: { state: "opening" } });
      const limit = AbortSignal.any([signal, AbortSignal.timeout(inspectorLimits.openTimeoutMs)]);
      if (this.#mayWrite) {
        const tried = await this.#diagnostics
          .inspect(peer, { grant: "write", signal: limit })
          .catch((error: unknown) => {
            if (isMosaikError(error, "DIAGNOSTICS_REFUSED")) return undefined;
            throw error;
          });
        if (tried !== undefined) return tried;
      }
      return await this.#diagnostics.inspect(peer, { signal: limit });
    } finally {
      this.#opening -= 1;
      this.#queue.shift()?.();
    }
  }

  /** Follows all that is followed, until the inspection is over. */
  async #look(inspection: Inspection, watched: Watched): Promise<void> {
    const { signal } = watched.stop;
    const sections = followed.filter(({ section }) => inspection.sections.has(section.name));
    const pace = Math.max(1, this.#watched.size / inspectorLimits.inspectionsAtFullRate);
    await Promise.all([
      this.#hear(inspection, watched),
      ...sections.map(async ({ section, everyMs }) => {
        const options = { signal, everyMs: Math.round(everyMs * pace) };
        for await (const value of inspection.follow(section, options)) {
          this.#tell(inspection.peer, section.name, value as Plain, watched); // a section's is plain
        }
      }),
    ]);
  }

  #tell(peer: PeerId, name: string, value: Plain, { told }: Watched): void {
    const known = told.has(name);
    const delta = known ? difference(told.get(name), value) : { to: value };
    told.set(name, value);
    if (delta !== undefined) this.#intake.push({ kind: "section", peer, name, delta });
  }

  async #hear(inspection: Inspection, watched: Watched): Promise<void> {
    const { peer } = inspection;
    const { signal } = watched.stop;
    for await (const event of inspection.events({ after: watched.lastEvent, signal })) {
      if (event.kind === "missed") continue; // the gap shows in the numbers
      const { sequence, at: happenedAt, name, facts } = event;
      watched.lastEvent = sequence;
      const at = Math.min(Date.now(), happenedAt);
      this.#intake.push({ kind: "event", peer, sequence, happenedAt, name, facts }, at);
    }
  }
}

function told(error: unknown): { readonly code: string; readonly why: string } {
  if (isMosaikError(error)) return { code: error.code, why: error.message };
  if (error instanceof DOMException && error.name === "TimeoutError") {
    return { code: "TIMEOUT", why: "it did not answer in time" };
  }
  return { code: "FAILED", why: error instanceof Error ? error.message : String(error) };
}

function backoffMs(attempt: number): number {
  const { retryMs, retryMaxMs } = inspectorLimits;
  return Math.min(retryMaxMs, retryMs * 2 ** attempt);
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener("abort", done);
  });
}
