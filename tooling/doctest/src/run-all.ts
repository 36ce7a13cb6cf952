// Runs modules in one process, one after the other: what they load is loaded once. Says of each what
// came of it. Ends by itself, unless one of them left something open.
import { pathToFileURL } from "node:url";

for (const path of process.argv.slice(2)) {
  const outcome = await import(pathToFileURL(path).href).then(
    () => "ran",
    (error: unknown) => (error instanceof Error ? error.stack : String(error)),
  );
  process.send?.({ path, outcome });
}
process.disconnect?.();
