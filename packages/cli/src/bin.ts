#!/usr/bin/env node
import { Interrupted } from "./ends.ts";
import { processHost } from "./host.ts";
import { run } from "./run.ts";

const stop = new AbortController();

/** The first one asks for an orderly end, the second one does not wait for it. */
function on(signal: "SIGINT" | "SIGTERM" | "SIGHUP", exitCode: number): void {
  process.on(signal, () => {
    if (stop.signal.aborted) process.exit(exitCode);
    stop.abort(new Interrupted(signal, signal === "SIGTERM" ? 0 : exitCode));
  });
}

on("SIGINT", 130);
on("SIGTERM", 143);
on("SIGHUP", 129);
// whoever reads us has had enough: `mosaik … | head`
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(0);
  throw error;
});

process.exitCode = await run(process.argv.slice(2), processHost(stop.signal));
