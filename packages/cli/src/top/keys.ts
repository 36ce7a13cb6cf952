import { type Choice, tabs } from "./model.ts";

/** What a key press asks for: another choice, or the end. */
export function press(choice: Choice, key: string): Choice | "quit" {
  if (key === "\u0003") return "quit";
  if (choice.isFiltering) return pressInFilter(choice, key);
  const at = tabs.indexOf(choice.tab);
  const numbered = tabs[Number(key) - 1];
  if (numbered !== undefined) return { ...choice, tab: numbered, sort: 0, scroll: 0 };
  switch (key) {
    case "q":
      return "quit";
    case "\t":
      return { ...choice, tab: tabs[(at + 1) % tabs.length] ?? "peers", sort: 0, scroll: 0 };
    case "s":
      return { ...choice, sort: choice.sort + 1 };
    case "r":
      return { ...choice, descending: !choice.descending };
    case "/":
      return { ...choice, isFiltering: true };
    case "\u001b[A":
    case "k":
      return { ...choice, scroll: Math.max(0, choice.scroll - 1) };
    case "\u001b[B":
    case "j":
      return { ...choice, scroll: choice.scroll + 1 };
    case "\u001b":
      return { ...choice, filter: "" };
    default:
      return choice;
  }
}

function pressInFilter(choice: Choice, key: string): Choice {
  const { filter } = choice;
  if (key === "\r" || key === "\n") return { ...choice, isFiltering: false };
  if (key === "\u001b") return { ...choice, isFiltering: false, filter: "" };
  if (key === "\u007f" || key === "\b")
    return { ...choice, filter: filter.slice(0, -1), scroll: 0 };
  if (/^\P{C}+$/u.test(key)) return { ...choice, filter: (filter + key).slice(0, 64), scroll: 0 };
  return choice;
}
