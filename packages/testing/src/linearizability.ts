/** An operation of a client, as it saw it. */
export interface Operation<Input, Output> {
  readonly client: number;
  readonly input: Input;
  /** When it was called. Any unit, the same throughout. */
  readonly calledAt: number;
  /** When it returned; absent where it never did, or its outcome is unknown. */
  readonly returnedAt?: number;
  /** What it returned; read only where `returnedAt` is there. */
  readonly output?: Output;
}

/** What the object under test should do, one operation after the other. */
export interface SequentialModel<State, Input, Output> {
  readonly initial: State;
  /**
   * The state after an operation, or nothing where it cannot return that output in this state.
   * `output` is undefined where it is not known: any is then allowed.
   */
  step(
    state: State,
    input: Input,
    output: Output | undefined,
  ): { readonly next: State } | undefined;
  /** The same text for equal states, different texts for different ones. */
  key(state: State): string;
}

/** What {@link checkLinearizable} found. */
export type Linearizability<Input, Output> =
  | { readonly state: "linearizable" }
  /** No order of the operations explains what they returned. */
  | { readonly state: "violated"; readonly stuckAt: Operation<Input, Output> }
  /** The search was given up after `stepsMax`. */
  | { readonly state: "undecided" };

interface Node<Input, Output> {
  readonly operation: Operation<Input, Output>;
  readonly at: number;
  /** The return of a call; absent in a return. */
  readonly returns: Node<Input, Output> | undefined;
  readonly number: number;
  previous: Node<Input, Output> | undefined;
  following: Node<Input, Output> | undefined;
}

/**
 * Whether operations that overlapped in time could have happened one after the other, each at some
 * moment between its call and its return (Wing and Gong, with Lowe's memory of states seen). An
 * operation without a return may have happened at any later moment, or never.
 *
 * @param stepsMax - gives up after so many steps. Default: two million.
 *
 * @example
 * ```ts
 * import { checkLinearizable, registerModel } from "@mosaik/testing";
 *
 * const verdict = checkLinearizable(registerModel(0), [
 *   { client: 1, input: { kind: "write", value: 1 }, calledAt: 0, returnedAt: 1, output: undefined },
 *   { client: 2, input: { kind: "read" }, calledAt: 2, returnedAt: 3, output: 0 },
 * ]);
 * console.log(verdict.state); // "violated"
 * ```
 */
export function checkLinearizable<State, Input, Output>(
  model: SequentialModel<State, Input, Output>,
  history: readonly Operation<Input, Output>[],
  stepsMax = 2_000_000,
): Linearizability<Input, Output> {
  const head = linked(history);
  const taken = new Uint32Array((history.length >> 5) + 1);
  const seen = new Set<string>();
  const stack: { call: Node<Input, Output>; state: State }[] = [];
  let mustReturn = history.filter((operation) => operation.returnedAt !== undefined).length;
  let state = model.initial;
  let node = head.following;
  for (let steps = 0; mustReturn > 0; steps++) {
    if (steps > stepsMax) return { state: "undecided" };
    const { operation, returns } = node ?? {};
    if (node && operation && returns) {
      const known = operation.returnedAt !== undefined;
      const after = model.step(state, operation.input, known ? operation.output : undefined);
      flip(taken, node.number);
      const key = after && `${taken.join()}|${model.key(after.next)}`;
      if (after && key !== undefined && !seen.has(key)) {
        seen.add(key);
        stack.push({ call: node, state });
        state = after.next;
        lift(node, returns);
        if (known) mustReturn--;
        node = head.following;
      } else {
        flip(taken, node.number);
        node = node.following;
      }
      continue;
    }
    const last = stack.pop();
    if (!last) return { state: "violated", stuckAt: operation ?? firstOf(history) };
    state = last.state;
    flip(taken, last.call.number);
    unlift(last.call);
    if (last.call.operation.returnedAt !== undefined) mustReturn++;
    node = last.call.following;
  }
  return { state: "linearizable" };
}

function firstOf<Input, Output>(
  history: readonly Operation<Input, Output>[],
): Operation<Input, Output> {
  const [first] = history;
  if (!first) throw new RangeError("an empty history violates nothing");
  return first;
}

/** Calls and returns in order of time, calls first where they meet, behind a head. */
function linked<Input, Output>(
  history: readonly Operation<Input, Output>[],
): { following: Node<Input, Output> | undefined } {
  const nodes: Node<Input, Output>[] = [];
  for (const [number, operation] of history.entries()) {
    const links = { operation, number, previous: undefined, following: undefined };
    const end = operation.returnedAt ?? Number.POSITIVE_INFINITY;
    const returns: Node<Input, Output> = { ...links, at: end, returns: undefined };
    nodes.push({ ...links, at: operation.calledAt, returns }, returns);
  }
  const isCall = (node: Node<Input, Output>): number => (node.returns ? 0 : 1);
  nodes.sort((a, b) => (a.at === b.at ? isCall(a) - isCall(b) : a.at < b.at ? -1 : 1));
  const [first] = nodes;
  if (!first) return { following: undefined };
  const head: Node<Input, Output> = { ...first, returns: undefined };
  let last = head;
  for (const node of nodes) {
    node.previous = last;
    last.following = node;
    last = node;
  }
  return head;
}

function lift<Input, Output>(call: Node<Input, Output>, returns: Node<Input, Output>): void {
  for (const node of [call, returns]) {
    if (node.previous) node.previous.following = node.following;
    if (node.following) node.following.previous = node.previous;
  }
}

function unlift<Input, Output>(call: Node<Input, Output>): void {
  for (const node of [call.returns, call]) {
    if (node?.previous) node.previous.following = node;
    if (node?.following) node.following.previous = node;
  }
}

function flip(bits: Uint32Array, at: number): void {
  bits[at >> 5] = (bits[at >> 5] ?? 0) ^ (1 << (at & 31));
}

/** What one does with a register that holds a number. */
export type RegisterInput =
  | { readonly kind: "read" }
  | { readonly kind: "write"; readonly value: number }
  /** Writes `value` where the register holds `expected`; answers 1 where it did, else 0. */
  | { readonly kind: "swap"; readonly expected: number; readonly value: number };

/** A register that holds a number: read, write, compare-and-swap. */
export function registerModel(
  initial: number,
): SequentialModel<number, RegisterInput, number | undefined> {
  return {
    initial,
    key: (state) => `${state}`,
    step(state, input, output) {
      switch (input.kind) {
        case "read":
          return output === undefined || output === state ? { next: state } : undefined;
        case "write":
          return { next: input.value };
        case "swap": {
          const swaps = state === input.expected;
          if (output !== undefined && output !== (swaps ? 1 : 0)) return undefined;
          return { next: swaps ? input.value : state };
        }
        default:
          return input satisfies never;
      }
    },
  };
}
