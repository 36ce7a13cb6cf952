import { signal } from "@preact/signals";
import * as v from "valibot";

/** How the page looks: as the system does, or as it was told. */
export type Theme = "system" | "light" | "dark";

/** A network that was joined before: without its secret and its keys. */
export interface Recent {
  readonly network: string;
  readonly seeds: readonly string[];
}

const recentMax = 6;
const themeKey = "mosaik.theme";
const recentKey = "mosaik.recent";
const RecentSchema = v.array(v.object({ network: v.string(), seeds: v.array(v.string()) }));

/** The theme. */
export const theme = signal<Theme>(readTheme());
/** The networks that were joined before, the newest first. */
export const recent = signal<readonly Recent[]>(readRecent());

/** Sets the theme, and keeps it. */
export function setTheme(to: Theme): void {
  theme.value = to;
  localStorage.setItem(themeKey, to);
  showTheme();
}

/** Has the page look as the theme says. */
export function showTheme(): void {
  document.documentElement.dataset["theme"] = theme.value;
}

/** Remembers a network. */
export function remember(network: Recent): void {
  const others = recent.value.filter((each) => each.network !== network.network);
  recent.value = [network, ...others].slice(0, recentMax);
  localStorage.setItem(recentKey, JSON.stringify(recent.value));
}

function readTheme(): Theme {
  const stored = localStorage.getItem(themeKey);
  return stored === "light" || stored === "dark" ? stored : "system";
}

function readRecent(): readonly Recent[] {
  try {
    const parsed = v.safeParse(RecentSchema, JSON.parse(localStorage.getItem(recentKey) ?? "[]"));
    return parsed.success ? parsed.output : [];
  } catch {
    return [];
  }
}
