import { isMosaikError, RateLimit, type Timer } from "@mosaik/primitives";
import { diagnosticsLimits } from "../config.ts";
import { difference, type Plain } from "../core/delta.ts";
import { type EntranceRules, mayEnter } from "../core/entrance.ts";
import type { Grant } from "../diagnostics.ts";
import type { DiagnosticsLink, DiagnosticsMessage } from "../wire.ts";
import type { InspectionEnvironment } from "./environment.ts";
import type { Answer, Registry } from "./registry.ts";

/** A section, the events, or an answer that waits, as one inspection has asked for it. */
interface Followed {
  timer: Timer | undefined;
  turn: Disposable | undefined;
  listening: Disposable | undefined;
  /** There is room again, or there are events. */
  go: () => void;
}

function idle(): Followed {
  return { timer: undefined, turn: undefined, listening: undefined, go: () => {} };
}

type Request<Kind extends DiagnosticsMessage["kind"]> = Extract<DiagnosticsMessage, { kind: Kind }>;

/**
 * The node's side of an inspection. Lets the inspector in, answers it, and sends what it follows as
 * far as the link takes it: a reader that is slow gets less, and costs nothing.
 */
export class Inspector {
  readonly #link: DiagnosticsLink;
  readonly #registry: Registry;
  readonly #environment: InspectionEnvironment;
  readonly #rules: EntranceRules;
  readonly #nonce: Uint8Array;
  readonly #requests: RateLimit;
  readonly #followed = new Map<number, Followed>();
  readonly #entrance: Timer;
  #inspectorNonce: Uint8Array | undefined;
  #grant: Grant | undefined;

  constructor(
    link: DiagnosticsLink,
    registry: Registry,
    environment: InspectionEnvironment,
    rules: EntranceRules,
    ended: () => void,
  ) {
    this.#link = link;
    this.#registry = registry;
    this.#environment = environment;
    this.#rules = rules;
    const { clock, random } = environment;
    this.#nonce = random.bytes(32);
    const { requestsPerSecond: perSecond, requestsBurst: burst } = diagnosticsLimits;
    this.#requests = new RateLimit({ perSecond, burst, nowMs: clock.monotonic() });
    this.#entrance = clock.after(diagnosticsLimits.entranceTimeoutMs, () => link.close("timeout"));
    link.listen({
      message: (message) => this.#receive(message),
      drained: () => this.#proceed(),
      closed: () => {
        this.#entrance.cancel();
        for (const followed of this.#followed.values()) this.#end(followed);
        this.#followed.clear();
        ended();
      },
    });
  }

  #receive(message: DiagnosticsMessage): void {
    if (this.#grant === undefined) return this.#enter(message);
    if (message.kind === "stop") return this.#stop(message.id);
    if (!("id" in message)) return this.#link.close("protocol-violation");
    if (!this.#requests.take(this.#environment.clock.monotonic())) {
      const answer = { ok: false, why: "busy", text: "too many requests" } as const;
      return this.#later(message.id, diagnosticsLimits.busyMs, () =>
        this.#answer(message.id, answer),
      );
    }
    switch (message.kind) {
      case "read":
        return this.#read(message);
      case "follow":
        return this.#follow(message);
      case "events":
        return this.#tellEvents(message);
      case "act":
        return this.#act(message);
      default:
        this.#link.close("protocol-violation");
    }
  }

  #enter(message: DiagnosticsMessage): void {
    if (message.kind === "hello" && this.#inspectorNonce === undefined) {
      this.#inspectorNonce = message.nonce;
      this.#link.send({ kind: "challenge", nonce: this.#nonce });
      return;
    }
    if (message.kind !== "enter" || this.#inspectorNonce === undefined) {
      return this.#link.close("protocol-violation");
    }
    const { network, peer } = this.#environment;
    const encounter = {
      network,
      inspector: this.#link.peer,
      inspected: peer,
      inspectorNonce: this.#inspectorNonce,
      inspectedNonce: this.#nonce,
    };
    const address = this.#environment.addressOf(this.#link.peer);
    if (!mayEnter(this.#rules, message.grant, address, message.proof, encounter)) {
      return this.#link.close("refused", `no grant to ${message.grant}`);
    }
    this.#entrance.cancel();
    this.#grant = message.grant;
    const { sections, actions } = this.#registry;
    this.#link.send({ kind: "welcome", grant: message.grant, sections, actions });
  }

  #read({ id, name, version, query }: Request<"read">): void {
    const read = (): void => this.#answer(id, this.#registry.read(name, version, query));
    const waitMs = query === undefined ? 0 : this.#registry.dueInMs(name, query);
    this.#later(id, waitMs, read);
  }

  /** Does something for a request when its turn has come, in a while at the earliest, unless it is stopped. */
  #later(id: number, waitMs: number, act: () => void): void {
    if (this.#followed.size >= diagnosticsLimits.followedMax) return this.#link.close("overloaded");
    if (this.#isFull(id)) return;
    const followed = idle();
    this.#followed.set(id, followed);
    const take = (): void => {
      followed.turn = this.#registry.turns.take(() => {
        this.#followed.delete(id);
        act();
      });
    };
    if (waitMs === 0) take();
    else followed.timer = this.#environment.clock.after(waitMs, take);
  }

  #act({ id, name, version, input }: Request<"act">): void {
    if (this.#grant !== "write") {
      return this.#answer(id, { ok: false, why: "refused", text: "no grant to write" });
    }
    void this.#registry.act(name, version, input).then((answer) => this.#answer(id, answer));
  }

  #follow({ id, name, version, query, everyMs }: Request<"follow">): void {
    if (this.#isFull(id)) return;
    const { clock } = this.#environment;
    const leastMs = Math.max(everyMs, diagnosticsLimits.freshMs);
    let told: { readonly value: Plain } | undefined;
    let late = false;
    const look = (): void => {
      const answer = this.#registry.read(name, version, query);
      if (!answer.ok) return this.#fail(id, answer);
      const waitMs = Math.max(leastMs, this.#registry.dueInMs(name, query));
      followed.timer = clock.after(waitMs, tick);
      const delta = told === undefined ? undefined : difference(told.value, answer.value);
      if (told === undefined) this.#answer(id, answer);
      else if (delta !== undefined) this.#send({ kind: "delta", id, delta });
      told = { value: answer.value };
    };
    const followed = idle();
    const tick = (): void => {
      late = this.#link.full;
      if (!late) followed.turn = this.#registry.turns.take(look);
    };
    followed.go = () => {
      if (late) tick();
    };
    this.#followed.set(id, followed);
    tick();
  }

  #tellEvents({ id, after }: Request<"events">): void {
    if (this.#isFull(id)) return;
    const { events } = this.#registry;
    let told = Math.min(after, events.last);
    let soon = false;
    const followed = idle();
    const tell = (): void => {
      soon = false;
      if (this.#link.full || told >= events.last) return;
      const { missed, events: next } = events.after(told, diagnosticsLimits.eventsAtOnce);
      told += missed + next.length;
      const happened = next.map(({ kind: _, ...event }) => event);
      this.#send({ kind: "happened", id, missed, events: happened });
      if (this.#followed.has(id)) go();
    };
    // What happens in one turn of the event loop is told together.
    const go = (): void => {
      if (soon || told >= events.last) return;
      soon = true;
      this.#environment.clock.soon(() => {
        if (this.#followed.has(id)) followed.turn = this.#registry.turns.take(tell);
      });
    };
    followed.go = go;
    followed.listening = this.#registry.onEvent(go);
    this.#followed.set(id, followed);
    go();
  }

  #isFull(id: number): boolean {
    if (this.#followed.has(id)) {
      this.#link.close("protocol-violation");
      return true;
    }
    if (this.#followed.size < diagnosticsLimits.followedMax) return false;
    this.#answer(id, { ok: false, why: "busy", text: "too much is followed" });
    return true;
  }

  #stop(id: number): void {
    this.#end(this.#followed.get(id));
    this.#followed.delete(id);
  }

  #end(followed: Followed | undefined): void {
    followed?.timer?.cancel();
    followed?.turn?.[Symbol.dispose]();
    followed?.listening?.[Symbol.dispose]();
  }

  #proceed(): void {
    for (const followed of [...this.#followed.values()]) followed.go();
  }

  #fail(id: number, answer: Answer): void {
    this.#stop(id);
    this.#answer(id, answer);
  }

  #answer(id: number, answer: Answer): void {
    if (answer.ok) this.#send({ kind: "value", id, value: answer.value });
    else this.#send({ kind: "failed", id, why: answer.why, text: answer.text });
  }

  /** Sends an answer, or says why it cannot be sent. */
  #send(message: Request<"value" | "delta" | "happened" | "failed">): void {
    if (this.#link.closed) return;
    try {
      this.#link.send(message);
    } catch (error) {
      const { id } = message;
      this.#stop(id);
      const why = isMosaikError(error, "MESSAGE_TOO_LARGE") ? "too-large" : "failed";
      const text = error instanceof Error ? error.message.slice(0, 512) : "it cannot be told";
      this.#link.send({ kind: "failed", id, why, text });
    }
  }
}
