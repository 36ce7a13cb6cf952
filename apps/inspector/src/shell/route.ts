import { signal } from "@preact/signals";

/** Where the user is: all that can be shared as a link. */
export interface Route {
  readonly screen: string;
  /** What is looked at: a peer, a group, a stream. */
  readonly selected: string;
  /** What is searched for. */
  readonly query: string;
  /** As of when, ms; live where it is absent. */
  readonly at: number | undefined;
  /** What a screen adds of its own: layers, order, the form of a table. */
  readonly more: Readonly<Record<string, string>>;
}

const own = new Set(["s", "sel", "q", "at"]);

/** The route that the address of the page says. */
export const route = signal<Route>(readRoute(location.search));

/** Reads a route from the query of an address. */
export function readRoute(search: string): Route {
  const params = new URLSearchParams(search);
  const at = Number(params.get("at") ?? "");
  const more = [...params].filter(([name]) => !own.has(name));
  return {
    screen: params.get("s") ?? "",
    selected: params.get("sel") ?? "",
    query: params.get("q") ?? "",
    at: Number.isSafeInteger(at) && at > 0 ? at : undefined,
    more: Object.fromEntries(more),
  };
}

/** The query of an address for a route. */
export function formatRoute({ screen, selected, query, at, more }: Route): string {
  const params = new URLSearchParams();
  if (screen !== "") params.set("s", screen);
  if (selected !== "") params.set("sel", selected);
  if (query !== "") params.set("q", query);
  if (at !== undefined) params.set("at", String(at));
  for (const [name, value] of Object.entries(more)) if (value !== "") params.set(name, value);
  const text = params.toString();
  return text === "" ? "" : `?${text}`;
}

/** Goes to another screen: what was selected and searched for stays behind, the moment comes along. */
export function go(screen: string, to: Partial<Route> = {}): void {
  const { at } = route.value;
  move({ screen, selected: "", query: "", more: {}, at, ...to }, "push");
}

/** Changes a part of the route; what is typed or dragged leaves no trail in the history. */
export function amend(to: Partial<Route>, how: "push" | "replace" = "push"): void {
  move({ ...route.value, ...to }, how);
}

/** Goes to a moment, and leaves the address as it is: browsers let it change only so often. */
export function passTo(at: number): void {
  route.value = { ...route.value, at };
}

/** Sets something of the screen's own. */
export function amendMore(name: string, value: string, how: "push" | "replace" = "push"): void {
  amend({ more: { ...route.value.more, [name]: value } }, how);
}

/** The address of a route, for links. The fragment, which may hold an invite, is not part of it. */
export function hrefOf(screen: string, to: Partial<Route> = {}): string {
  const { at } = route.value;
  return `${location.pathname}${formatRoute({ screen, selected: "", query: "", more: {}, at, ...to })}`;
}

function move(to: Route, how: "push" | "replace"): void {
  const address = `${location.pathname}${formatRoute(to)}${location.hash}`;
  if (how === "push") history.pushState(null, "", address);
  else history.replaceState(null, "", address);
  route.value = to;
}

/** Follows the browser's buttons. */
export function followHistory(): void {
  addEventListener("popstate", () => {
    route.value = readRoute(location.search);
  });
}

/** The invite of the fragment. It never leaves the page. */
export function inviteOfFragment(): string {
  return new URLSearchParams(location.hash.slice(1)).get("join") ?? "";
}

/** Keeps the invite in the fragment, so that a reload joins again; or takes it away. */
export function keepInvite(invite: string): void {
  const hash = invite === "" ? "" : `#join=${encodeURIComponent(invite)}`;
  history.replaceState(null, "", `${location.pathname}${location.search}${hash}`);
}
