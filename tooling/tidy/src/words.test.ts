import { expect, it } from "vitest";
import { brokenAt } from "./fixture.ts";
import { forbiddenWords } from "./words.ts";

it("forbidden words are found in any file, with their line", () => {
  for (const word of ["/work/main", "TODO", "FIXME later"]) {
    expect(brokenAt(forbiddenWords, { "README.md": `fine\n${word}` })).toEqual(["README.md:2"]);
  }
  expect(brokenAt(forbiddenWords, { "a.ts": "network/working mastodon" })).toEqual([]);
});
