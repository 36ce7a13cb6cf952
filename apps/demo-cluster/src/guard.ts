// Outlives the supervisor by a moment: once that is gone, whatever it left running is ended. A
// process that is stopped (SIGSTOP) could not notice by itself.
import { createInterface } from "node:readline";

const pids = new Set<number>();

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => {});

createInterface({ input: process.stdin })
  .on("line", (line) => {
    const pid = Number(line.slice(1));
    if (line.startsWith("+")) pids.add(pid);
    else pids.delete(pid);
  })
  .on("close", () => {
    for (const pid of pids) {
      try {
        process.kill(pid, "SIGKILL");
      } catch {
        // it had ended already
      }
    }
    process.exit(0);
  });
