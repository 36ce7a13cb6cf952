import type { Rule, Violation } from "./violation.ts";

const own = "tooling/tidy/src/words";
const words: readonly (readonly [RegExp, string])[] = [
  [/\/work\//, "name no place of one machine"],
  [/\b(TODO|FIXME|XXX)\b/, "do it now, or write an issue"],
];

/** Words that have no business in the repository. */
export const forbiddenWords: Rule = ({ files }) => {
  const found: Violation[] = [];
  for (const [file, text] of files) {
    if (file.startsWith(own)) continue;
    for (const [index, line] of text.split("\n").entries()) {
      for (const [word, mend] of words) {
        const [match] = word.exec(line) ?? [];
        if (match === undefined) continue;
        found.push({ rule: "forbidden-words", file, line: index + 1, what: `'${match}'`, mend });
      }
    }
  }
  return found;
};
