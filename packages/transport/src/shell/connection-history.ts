import type { Clock, Infer, Meter, PeerId } from "@mosaik/primitives";
import type { CloseReason } from "../close-reason.ts";
import { pathOf } from "../core/path.ts";
import { DialLog } from "../diagnostics/core/dial-log.ts";
import type { Diagnostics } from "../diagnostics/diagnostics.ts";
import {
  ConnectionsSection,
  type DialAttempt,
  DialsSection,
  RefusalsSection,
} from "../diagnostics/sections.ts";
import { TransportError } from "../errors.ts";
import { transportMetrics } from "../metrics.ts";
import type { Session } from "./session.ts";

/** Refused connections that are remembered. */
const refusalsMax = 64;

type Refusal = Infer<typeof RefusalsSection.value>[number];

/** Tells inspectors and meters of the connections there are, were tried, and were refused. */
export class ConnectionHistory {
  readonly #clock: Clock;
  readonly #diagnostics: Diagnostics;
  readonly #meter: Meter;
  /** What was counted of the traffic of a session so far. */
  readonly #counted = new WeakMap<Session, Session["traffic"]>();
  readonly #dials = new DialLog();
  #refusals: Refusal[] = [];

  constructor(init: {
    readonly clock: Clock;
    readonly diagnostics: Diagnostics;
    readonly meter: Meter;
    /** The admitted connections, a peer each. */
    readonly admitted: () => readonly Session[];
  }) {
    const { clock, diagnostics, meter, admitted } = init;
    this.#meter = meter;
    this.connected(0);
    this.#clock = clock;
    this.#diagnostics = diagnostics;
    diagnostics.describe(ConnectionsSection, () => Object.fromEntries(admitted().map(described)));
    diagnostics.describe(DialsSection, () => this.#dials.targets);
    diagnostics.describe(RefusalsSection, () => this.#refusals);
  }

  /** A dial to a target begins. */
  dialling(target: string, dial: Promise<unknown>): void {
    const [at, from] = [this.#clock.now(), this.#clock.monotonic()];
    const add = (outcome: Omit<DialAttempt, "at" | "tookMs">): void =>
      this.#dials.add(target, { at, tookMs: this.#clock.monotonic() - from, ...outcome });
    dial.then(
      () => add({ ok: true }),
      (error: unknown) => {
        const outcome = failed(error);
        add(outcome);
        const { code = "", reason = "" } = outcome;
        this.#meter.counter(transportMetrics.dialsFailed, code).add();
        this.#diagnostics.note("dial.failed", { target: target.slice(0, 512), code, reason });
      },
    );
  }

  /** A connection was admitted. */
  opened({ info: { peer, direction, address } }: Session): void {
    this.#meter.counter(transportMetrics.opened, direction).add();
    this.#diagnostics.note("connection.opened", { peer, direction, address });
  }

  /** An admitted connection is over. */
  closed(session: Session, { name, by }: CloseReason): void {
    const { peer } = session.connection;
    this.#countTraffic(session);
    this.#meter.counter(transportMetrics.closed, name).add();
    this.#diagnostics.note("connection.closed", { peer, reason: name, by });
  }

  /** A ping of a session came back. */
  measured(session: Session, roundTripMs: number): void {
    this.#meter.histogram(transportMetrics.roundTrip).observe(roundTripMs / 1_000);
    this.#countTraffic(session);
  }

  /** So many peers are connected. */
  connected(count: number): void {
    this.#meter.gauge(transportMetrics.connections).set(count);
  }

  #countTraffic(session: Session): void {
    const before = this.#counted.get(session) ?? {};
    const now = session.traffic;
    this.#counted.set(session, now);
    for (const [protocol, { bytesSent, bytesReceived }] of Object.entries(now)) {
      const then = before[protocol] ?? { bytesSent: 0, bytesReceived: 0 };
      const { bytesSent: sent, bytesReceived: received } = transportMetrics;
      this.#meter.counter(sent, protocol).add(bytesSent - then.bytesSent);
      this.#meter.counter(received, protocol).add(bytesReceived - then.bytesReceived);
    }
  }

  /** A connection ended before it was admitted. */
  refused({ connection: { peer, address } }: Session, { name, text }: CloseReason): void {
    const more = text === "" ? {} : { text };
    const refusal = { at: this.#clock.now(), peer, address, reason: name, ...more };
    this.#refusals = [...this.#refusals, refusal].slice(-refusalsMax);
    this.#meter.counter(transportMetrics.refused, name).add();
    this.#diagnostics.note("connection.refused", { peer, address, reason: name });
  }
}

function described(
  session: Session,
): readonly [PeerId, Infer<typeof ConnectionsSection.value>[string]] {
  const { peer, direction, address, rttMs, since } = session.info;
  const traffic = { protocols: session.traffic };
  return [peer, { direction, address, path: pathOf(address), rttMs, since, ...traffic }];
}

function failed(error: unknown): Omit<DialAttempt, "at" | "tookMs"> {
  const reason = (error instanceof Error ? error.message : String(error)).slice(0, 512);
  if (!(error instanceof TransportError)) return { ok: false, reason };
  const { attempts = [] } = error.data as { attempts?: { address: string; reason: string }[] };
  const tried = attempts.map((one) => ({
    address: one.address.slice(0, 512),
    reason: one.reason.slice(0, 512),
  }));
  return { ok: false, code: error.code, reason, ...(tried.length > 0 ? { tried } : {}) };
}
