import { parseInvite } from "@mosaik/transport";
import { computed, type ReadonlySignal, signal } from "@preact/signals";
import { formatRecording, parseRecording } from "../model/ndjson.ts";
import { Recording } from "../model/recording.ts";
import { nothing, type Snapshot } from "../model/snapshot.ts";
import { View } from "../model/view.ts";
import { Intake } from "./intake.ts";
import { remember } from "./preferences.ts";
import { keepInvite, route } from "./route.ts";
import { openSession, type Session } from "./session.ts";
import type { Progress } from "./steps.ts";

/** Where what is shown comes from. */
export type Source =
  | { readonly kind: "none" }
  | { readonly kind: "network"; readonly network: string }
  | { readonly kind: "recording"; readonly name: string };

const empty = new View(nothing, []);

/** Where what is shown comes from. */
export const source = signal<Source>({ kind: "none" });
/** How far joining has come; absent while nothing is joined. */
export const progress = signal<Progress | undefined>(undefined);
/** Why the last thing that was asked for failed. */
export const failure = signal("");
/** Whether painting is paused; collecting goes on. */
export const paused = signal(false);
/** The network now. */
export const live = signal<View>(empty);
/** The inspector's clock, moved once a second: what ages are told by. */
export const clock = signal(Date.now());

/** How far back charts go, ms. */
const pastMs = 5 * 60_000;

let recording = new Recording();
let session: Session | undefined;
let intake: Intake | undefined;
let attempt = 0;
const grown = signal(0);

/** What screens show: the network now, or as it was at the moment of the route. */
export const view: ReadonlySignal<View> = computed(() => {
  const { at } = route.value;
  if (at === undefined) return live.value;
  void grown.value; // a moment that is forgotten meanwhile moves
  return new View(recording.at(at), recording.eventsUntil(at));
});

/** From when to when there is something to go back to. */
export const span = computed(() => {
  void grown.value;
  return recording.span;
});

/** Until when what is shown is true: now, the moment of the route, or the end of a recording. */
export const asOf = computed(
  () =>
    route.value.at ?? (source.value.kind === "recording" ? live.value.snapshot.at : clock.value),
);

/** The network at so many moments of the last ones that are remembered, oldest first, evenly apart. */
export function pastViews(count: number): readonly Snapshot[] {
  const { from, to } = recording.span;
  const end = Math.min(route.value.at ?? to, to);
  const begin = Math.max(from, end - pastMs);
  const step = (end - begin) / count;
  if (step <= 0) return [recording.at(end)];
  return Array.from({ length: count + 1 }, (_, place) => recording.at(begin + place * step));
}

/** Joins the network of an invite, instead of what was shown. */
export async function join(invite: string): Promise<void> {
  await leave();
  const mine = ++attempt;
  failure.value = "";
  const own = new Recording();
  recording = own;
  intake = new Intake(own, () => {
    if (recording === own) show();
  });
  try {
    const { network, seeds } = parseInvite(invite);
    source.value = { kind: "network", network };
    keepInvite(invite.trim());
    const opened = await openSession(invite, intake, (now) => {
      if (mine === attempt) progress.value = now;
    });
    if (mine !== attempt) return await opened.close();
    session = opened;
    remember({ network, seeds });
  } catch (error) {
    if (mine !== attempt) return;
    failure.value = error instanceof Error ? error.message : String(error);
    source.value = { kind: "none" };
    progress.value = undefined;
    keepInvite("");
  }
}

/** Leaves what is shown. */
export async function leave(): Promise<void> {
  attempt += 1;
  const old = session;
  session = undefined;
  intake?.close();
  intake = undefined;
  recording = new Recording();
  source.value = { kind: "none" };
  progress.value = undefined;
  live.value = empty;
  keepInvite("");
  await old?.close();
}

/** Shows a recording instead of a network. */
export async function openRecording(name: string, text: string): Promise<void> {
  const parsed = parseRecording(text);
  if (!parsed.ok) {
    failure.value = `${name}: ${parsed.why}`;
    return;
  }
  await leave();
  failure.value = "";
  recording = parsed.recording;
  source.value = { kind: "recording", name };
  show();
}

/** What is remembered, as a file's text. */
export function exportRecording(): string {
  return formatRecording(recording);
}

/** The inspection of a peer, for what is asked only once. Nothing of a recording has one. */
export function inspectionOf(peer: string): ReturnType<Session["inspectionOf"]> {
  return session?.inspectionOf(peer);
}

function show(): void {
  grown.value += 1;
  if (!paused.value) live.value = new View(recording.now, recording.events);
}

/** Begins to move the clock. */
export function startClock(): void {
  setInterval(() => {
    clock.value = Date.now();
  }, 1_000);
}
