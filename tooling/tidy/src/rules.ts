import { documented } from "./documented.ts";
import { kindArrows } from "./kind-arrows.ts";
import { packageArrows } from "./package-arrows.ts";
import { packageShape } from "./package-shape.ts";
import { portedTime, pureCores } from "./purity.ts";
import { fileLength, fileNames, noAny, noDefaultExports } from "./syntax.ts";
import type { Rule } from "./violation.ts";
import { forbiddenWords } from "./words.ts";

/** All rules, by what they demand. */
export const rules: Readonly<Record<string, Rule>> = {
  "packages stand only on packages below them": packageArrows,
  "files import only from the kinds of file below them": kindArrows,
  "cores are synchronous and deterministic": pureCores,
  "time and randomness come in through ports": portedTime,
  "nothing is exported by default": noDefaultExports,
  "there is no any": noAny,
  "files are named after what is in them": fileNames,
  "files are short": fileLength,
  "whatever a package exports is documented": documented,
  "every package has the files and fields it needs": packageShape,
  "no word is there that should not be": forbiddenWords,
};
