import type { PeerId } from "@mosaik/primitives";
import type { Inspection } from "@mosaik/transport";
import { CliError } from "../errors.ts";
import type { Host } from "../host.ts";
import { type Observer, observe } from "../network/join.ts";
import { readKeyOf } from "../network/look.ts";
import { readSide, silentSide, type WholeSide } from "../network/sides.ts";
import { pause } from "../output/repeat.ts";
import type { InspectOptions } from "../settings/common-options.ts";
import { openScreen, type Screen } from "../terminal/screen.ts";
import { paint } from "../terminal/text.ts";
import { press } from "./keys.ts";
import { type Choice, firstChoice, type Rows, rowsOf, type Sample } from "./model.ts";
import { view } from "./view.ts";

/** What `top` is told. */
export type TopOptions = InspectOptions & { readonly every?: number | undefined };

const everyMsDefault = 1_000;
/** A node that answers no faster is shown as one that does not let us look. */
const patienceMs = 2_000;

/** Shows peers, streams and groups as they are now, until the user ends it. */
export async function top(host: Host, options: TopOptions): Promise<void> {
  const { input, output } = host;
  if (output.isTTY !== true || !isTerminal(input)) {
    const hint = "mosaik peers ls --watch";
    throw new CliError("CLI_USAGE", "top needs a terminal", { hint });
  }
  await observe(host, options, async ({ node, signal }) => {
    const key = await readKeyOf(host, options);
    const { NO_COLOR, TERM } = host.env;
    const color = options.color && !NO_COLOR && TERM !== "dumb";
    // a terminal's streams are what they say
    using show = new Show(node.name, openScreen(output as NodeJS.WriteStream), color);
    using _ = keysOf(input, (pressed) => show.press(pressed));
    await watch(node, key, AbortSignal.any([signal, show.ended]), options.every, show).catch(
      (error: unknown) => {
        if (!show.ended.aborted) throw error;
      },
    );
  });
}

/** The screen, what is on it, and what was chosen. */
class Show implements Disposable {
  readonly #network: string;
  readonly #screen: Screen;
  readonly #color: boolean;
  readonly #end = new AbortController();
  #choice: Choice = firstChoice;
  #rows: Rows | undefined;

  constructor(network: string, screen: Screen, color: boolean) {
    this.#network = network;
    this.#screen = screen;
    this.#color = color;
    this.#draw();
  }

  /** Aborts when the user has seen enough. */
  get ended(): AbortSignal {
    return this.#end.signal;
  }

  /** There is news. */
  update(rows: Rows): void {
    this.#rows = rows;
    this.#draw();
  }

  /** A key was pressed. */
  press(key: string): void {
    const next = press(this.#choice, key);
    if (next === "quit") return this.#end.abort();
    this.#choice = next;
    this.#draw();
  }

  [Symbol.dispose](): void {
    this.#screen.close();
  }

  #draw(): void {
    const lines = view(this.#network, this.#rows, this.#choice, this.#screen);
    this.#screen.draw(lines.map((line) => paint(line, this.#screen.columns, this.#color)));
  }
}

async function watch(
  node: Observer,
  key: string | undefined,
  signal: AbortSignal,
  everyMs: number = everyMsDefault,
  show: Show,
): Promise<void> {
  const open = new Map<PeerId, Inspection>();
  let before: Sample | undefined;
  for (;;) {
    const peers = [...node.discovery.catalog.value.peers.keys()];
    const late = AbortSignal.any([signal, AbortSignal.timeout(patienceMs)]);
    const sides = await Promise.all(peers.map((peer) => sideOf(node, open, peer, key, late)));
    signal.throwIfAborted();
    const now = { at: performance.now(), sides };
    show.update(rowsOf(before, now));
    before = now;
    await pause(everyMs, signal);
  }
}

async function sideOf(
  node: Observer,
  open: Map<PeerId, Inspection>,
  peer: PeerId,
  key: string | undefined,
  signal: AbortSignal,
): Promise<WholeSide> {
  try {
    const options = { signal, ...(key === undefined ? {} : { key }) };
    const known = open.get(peer);
    const inspection =
      known === undefined || known.closed ? await node.diagnostics.inspect(peer, options) : known;
    open.set(peer, inspection);
    return await readSide(inspection, signal);
  } catch {
    open.get(peer)?.close();
    open.delete(peer);
    return silentSide(peer); // it is shown as such
  }
}

type TerminalInput = Host["input"] & { setRawMode(raw: boolean): unknown };

function isTerminal(input: Host["input"]): input is TerminalInput {
  return input.isTTY === true && "setRawMode" in input;
}

function keysOf(input: TerminalInput, pressed: (key: string) => void): Disposable {
  const read = (chunk: Buffer | string): void => {
    // a sequence of one key, or keys that came together
    // biome-ignore lint/suspicious/noControlCharactersInRegex: a terminal sends keys as these
    const keys = String(chunk).match(/\u001b(?:\[[0-9;]*[A-Za-z~])?|[\s\S]/gu) ?? [];
    for (const key of keys) pressed(key);
  };
  input.setRawMode(true);
  input.on("data", read);
  input.resume();
  return {
    [Symbol.dispose]: () => {
      input.off("data", read);
      input.setRawMode(false);
      input.pause();
    },
  };
}
