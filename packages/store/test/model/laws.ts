import { isDeepStrictEqual } from "node:util";
import { superjsonCodec } from "@mosaik/primitives";
import fc from "fast-check";
import { type Machine, type Outcome, Refusal } from "../../src/machines/machine.ts";
import { encodePlain, type Kind, type Model, type Plain, type Told } from "./kind.ts";

/** A machine that may not be what it should be: what was expected, and what was there. */
function expectSame(what: string, found: unknown, expected: unknown): void {
  if (isDeepStrictEqual(found, expected)) return;
  throw new Error(`${what}: ${show(found)} instead of ${show(expected)}`);
}

function show(value: unknown): string {
  return JSON.stringify(value) ?? "undefined";
}

/**
 * The laws of every machine, for one sequence of changes: it is what its model is after each change,
 * and tells the same; a refused change changes nothing; what its events say makes the same state
 * elsewhere; a captured state stays as it was; and a state that was saved and loaded is the same, by
 * what it shows, its fingerprint and what it saves in turn.
 */
export function checkLaws<State extends Machine<Event>, Event>(
  kind: Kind<State, Event>,
  changes: readonly Plain[],
): void {
  const machine = kind.machine();
  const model = kind.model();
  const follower = kind.model();
  let captured: { state: Machine<Event>; content: unknown; items: unknown } | undefined;
  for (const [at, change] of changes.entries()) {
    if (at === changes.length >> 1) {
      const state = machine.capture();
      captured = { state, content: kind.content(state as State), items: [...state.save()] };
    }
    step(machine, model, follower, change);
    expectSame(`after ${show(change)}`, kind.content(machine), model.content());
    expectSame(`what followed ${show(change)}`, follower.content(), model.content());
  }
  if (captured) {
    expectSame("captured", kind.content(captured.state as State), captured.content);
    expectSame("captured, saved", [...captured.state.save()], captured.items);
  }
  const items = [...machine.save()];
  const loaded = kind.machine();
  for (const item of items) loaded.load(item);
  expectSame("loaded", kind.content(loaded), kind.content(machine));
  expectSame("the fingerprint of what was loaded", loaded.print, machine.print);
  expectSame("what is saved of what was loaded", [...loaded.save()], items);
}

function step<Event>(
  machine: Machine<Event>,
  model: Model<Event>,
  follower: Model<Event>,
  change: Plain,
): void {
  const events: Event[] = [];
  const before = machine.print;
  const found = told(() => machine.apply(encodePlain(change), events));
  expectSame(
    `what ${show(change)} came to`,
    withoutNothing(found),
    withoutNothing(model.apply(change)),
  );
  for (const event of events) follower.follow(event);
  if (found === "refused") {
    expectSame("the fingerprint after a refusal", machine.print, before);
    expectSame("the events of a refusal", events, []);
  }
}

function told(apply: () => Outcome): Told {
  try {
    const { applied, previous, more } = apply();
    if (previous === undefined) return { applied, more };
    const decoded = superjsonCodec.decode(previous);
    if (!decoded.ok) throw decoded.error;
    return { applied, previous: decoded.value as never, more };
  } catch (error) {
    if (error instanceof Refusal) return "refused";
    throw error;
  }
}

function withoutNothing(what: Told): unknown {
  if (what === "refused") return what;
  return Object.fromEntries(Object.entries(what).filter(([, value]) => value !== undefined));
}

/** Checks the laws for so many random sequences. @throws with the smallest sequence that breaks one. */
export function checkKind<State extends Machine<Event>, Event>(
  kind: Kind<State, Event>,
  options: { readonly sequences: number; readonly seed?: number; readonly changesMax?: number },
): void {
  const { sequences: numRuns, seed, changesMax: maxLength = 24 } = options;
  fc.assert(
    fc.property(fc.array(kind.change, { maxLength }), (changes) => checkLaws(kind, changes)),
    seed === undefined ? { numRuns } : { numRuns, seed },
  );
}
