import { EventStream, type PeerId, validate, WatchSource } from "@mosaik/primitives";
import type { CloseReason } from "../../close-reason.ts";
import { TransportError, type TransportErrorCode } from "../../errors.ts";
import { diagnosticsLimits } from "../config.ts";
import { applyDelta, type Plain } from "../core/delta.ts";
import { proofOf } from "../core/entrance.ts";
import type {
  DiagnosticEvent,
  Grant,
  Inspection,
  MissedEvents,
  ReadOptions,
} from "../diagnostics.ts";
import type { Action, Section } from "../section.ts";
import type { DiagnosticsLink, DiagnosticsMessage, failures } from "../wire.ts";
import type { InspectionEnvironment } from "./environment.ts";

/** Who waits for answers to a request. */
interface Waiting {
  message(message: DiagnosticsMessage): void;
  ended(error: TransportError): void;
}

/** What to get in with. */
export interface Entrance {
  readonly grant: Grant;
  readonly key: Uint8Array | undefined;
}

/**
 * Opens the inspector's side of an inspection over a link.
 *
 * @throws TransportError with `DIAGNOSTICS_REFUSED` or `CHANNEL_CLOSED`.
 */
export function enter(
  link: DiagnosticsLink,
  environment: InspectionEnvironment,
  { grant, key }: Entrance,
): Promise<Inspection> {
  const nonce = environment.random.bytes(32);
  return new Promise((resolve, reject) => {
    let inspection: OpenInspection | undefined;
    link.listen({
      message(message) {
        if (inspection !== undefined) return inspection.receive(message);
        if (message.kind === "challenge") {
          const encounter = {
            network: environment.network,
            inspector: environment.peer,
            inspected: link.peer,
            inspectorNonce: nonce,
            inspectedNonce: message.nonce,
          };
          const proof = key === undefined ? {} : { proof: proofOf(key, grant, encounter) };
          link.send({ kind: "enter", grant, ...proof });
        } else if (message.kind === "welcome") {
          inspection = new OpenInspection(link, message);
          resolve(inspection);
        } else link.close("protocol-violation");
      },
      closed(reason) {
        if (inspection !== undefined) inspection.ended(reason);
        else reject(endedBy(reason));
      },
    });
    link.send({ kind: "hello", nonce });
  });
}

class OpenInspection implements Inspection {
  readonly grant: Grant;
  readonly sections: ReadonlyMap<string, number>;
  readonly actions: ReadonlyMap<string, number>;
  readonly #link: DiagnosticsLink;
  readonly #waiting = new Map<number, Waiting>();
  #next = 1;

  constructor(link: DiagnosticsLink, welcome: Extract<DiagnosticsMessage, { kind: "welcome" }>) {
    this.#link = link;
    this.grant = welcome.grant;
    this.sections = new Map(welcome.sections.map(({ name, version }) => [name, version]));
    this.actions = new Map(welcome.actions.map(({ name, version }) => [name, version]));
  }

  get peer(): PeerId {
    return this.#link.peer;
  }

  get closed(): boolean {
    return this.#link.closed;
  }

  async read<Value, Query>(
    { name, version, value }: Section<Value, Query>,
    { query, signal }: ReadOptions<Query> = {},
  ): Promise<Value> {
    const asked = { name, version, query: query as Plain }; // the encoder refuses what is not
    const answer = await this.#ask((id) => ({ kind: "read", id, ...asked }), signal);
    return checked(value, answer);
  }

  async act<Input, Output>(
    { name, version, output }: Action<Input, Output>,
    input: Input,
    { signal }: { readonly signal?: AbortSignal } = {},
  ): Promise<Output> {
    const asked = { name, version, input: input as Plain }; // the encoder refuses what is not
    const answer = await this.#ask((id) => ({ kind: "act", id, ...asked }), signal);
    return checked(output, answer);
  }

  async *follow<Value, Query>(
    { name, version, value: schema }: Section<Value, Query>,
    options: ReadOptions<Query> & { readonly everyMs?: number } = {},
  ): AsyncGenerator<Value> {
    const { query, signal, everyMs = diagnosticsLimits.freshMs } = options;
    const latest = new WatchSource<{ readonly value: Plain } | undefined>(undefined);
    let failure: TransportError | undefined;
    const id = this.#listen({
      message(message) {
        const next =
          message.kind === "value"
            ? { value: message.value }
            : message.kind === "delta" && latest.value
              ? applyDelta(latest.value.value, message.delta)
              : undefined;
        if (next === undefined) failure = failureOf(message);
        if (next === undefined) latest.close();
        else latest.set(next);
      },
      ended(error) {
        failure = error;
        latest.close();
      },
    });
    const request = { kind: "follow", id, name, version, everyMs } as const;
    try {
      this.#send({ ...request, query: query as Plain }); // the encoder refuses what is not
      for await (const now of latest.changes(signal ? { signal } : {})) {
        if (now !== undefined) yield checked(schema, now.value);
      }
      signal?.throwIfAborted();
      if (failure !== undefined) throw failure;
    } finally {
      this.#forget(id);
    }
  }

  events(
    options: { readonly after?: number; readonly signal?: AbortSignal } = {},
  ): AsyncIterable<DiagnosticEvent | MissedEvents> {
    const { after = 0, signal } = options;
    const stream = new EventStream<DiagnosticEvent | MissedEvents>({
      backlogMax: diagnosticsLimits.eventsMax,
      lagged: (count) => ({ kind: "missed", count }),
      onEnd: () => this.#forget(id),
      signal,
    });
    const id = this.#listen({
      message(message) {
        if (message.kind !== "happened") return stream.end();
        if (message.missed > 0) stream.push({ kind: "missed", count: message.missed });
        for (const event of message.events) stream.push({ kind: "event", ...event });
      },
      ended: () => stream.end(),
    });
    if (this.closed) stream.end();
    else this.#send({ kind: "events", id, after });
    return stream;
  }

  close(): void {
    this.#link.close("done");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.close();
  }

  receive(message: DiagnosticsMessage): void {
    if ("id" in message) this.#waiting.get(message.id)?.message(message);
    else this.#link.close("protocol-violation");
  }

  ended(reason: CloseReason): void {
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const one of waiting) one.ended(endedBy(reason));
  }

  #ask(
    request: (id: number) => DiagnosticsMessage,
    signal: AbortSignal | undefined,
  ): Promise<Plain> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const settle = (act: () => void): void => {
        this.#waiting.delete(id);
        signal?.removeEventListener("abort", abort);
        act();
      };
      const abort = (): void => {
        this.#forget(id);
        settle(() => reject(signal?.reason));
      };
      const id = this.#listen({
        message(message) {
          if (message.kind === "value") settle(() => resolve(message.value));
          else settle(() => reject(failureOf(message)));
        },
        ended: (error) => settle(() => reject(error)),
      });
      signal?.addEventListener("abort", abort, { once: true });
      try {
        this.#send(request(id));
      } catch (error) {
        settle(() => reject(error));
      }
    });
  }

  #listen(waiting: Waiting): number {
    const id = this.#next++;
    this.#waiting.set(id, waiting);
    return id;
  }

  #forget(id: number): void {
    if (this.#waiting.delete(id) && !this.closed) this.#link.send({ kind: "stop", id });
  }

  #send(message: DiagnosticsMessage): void {
    if (this.closed) throw new TransportError("CHANNEL_CLOSED", "the inspection is over");
    this.#link.send(message);
  }
}

const codes = {
  unknown: "DIAGNOSTICS_UNKNOWN",
  refused: "DIAGNOSTICS_REFUSED",
  malformed: "DIAGNOSTICS_MALFORMED",
  failed: "DIAGNOSTICS_FAILED",
  "too-large": "DIAGNOSTICS_TOO_LARGE",
  busy: "DIAGNOSTICS_BUSY",
} as const satisfies Record<(typeof failures)[number], TransportErrorCode>;

function failureOf(message: DiagnosticsMessage): TransportError {
  if (message.kind !== "failed") {
    return new TransportError("DIAGNOSTICS_MALFORMED", "the answer does not fit the request");
  }
  const { why, text } = message;
  return new TransportError(codes[why], text, { retryable: why === "busy" });
}

function endedBy(reason: CloseReason): TransportError {
  if (reason.name === "refused") return new TransportError("DIAGNOSTICS_REFUSED", reason.text);
  const message = "the inspection is over";
  return new TransportError("CHANNEL_CLOSED", message, { retryable: true, data: { reason } });
}

function checked<Value>(schema: Section<Value>["value"], answer: Plain): Value {
  const fitted = validate(schema, answer);
  if (fitted.ok) return fitted.value;
  const message = "the answer does not fit its section";
  throw new TransportError("DIAGNOSTICS_MALFORMED", message, { cause: fitted.error });
}
