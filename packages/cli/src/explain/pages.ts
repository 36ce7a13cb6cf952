import { commandLinePages } from "./command-line-pages.ts";
import { discoveryPages } from "./discovery-pages.ts";
import { groupPages } from "./group-pages.ts";
import { networkPages } from "./network-pages.ts";
import type { Page } from "./page.ts";
import { storePages } from "./store-pages.ts";
import { streamPages } from "./stream-pages.ts";
import { valuePages } from "./value-pages.ts";

/** Every code that mosaik reports, and its page. The types say that none is missing. */
export const pages: ReadonlyMap<string, Page> = new Map(
  Object.entries({
    ...networkPages,
    ...discoveryPages,
    ...streamPages,
    ...groupPages,
    ...storePages,
    ...valuePages,
    ...commandLinePages,
  }),
);

/** The page of a code. */
export function pageOf(code: string): Page | undefined {
  return pages.get(code);
}
