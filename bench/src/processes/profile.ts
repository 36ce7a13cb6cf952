import { mkdir, writeFile } from "node:fs/promises";
import { Session } from "node:inspector/promises";
import { dirname } from "node:path";

/** A CPU profile of this process that is being taken. */
export interface Profiling {
  /** Ends it and writes it to its file, to be opened with the developer tools of a browser. */
  finish(): Promise<void>;
}

/** Begins to take a CPU profile: later than `node --cpu-prof`, so that it shows no loading. */
export async function startProfile(path: string): Promise<Profiling> {
  const session = new Session();
  session.connect();
  await session.post("Profiler.enable");
  await session.post("Profiler.start");
  return {
    async finish() {
      const { profile } = await session.post("Profiler.stop");
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, JSON.stringify(profile));
    },
  };
}
