// Outlives its starter by a moment: once that is gone, whatever it left is ended and removed. A
// process that is stopped (SIGSTOP) could not notice by itself.
import { rmSync } from "node:fs";
import { createInterface } from "node:readline";

const [, , , folder = ""] = process.argv;
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
    // What was ended just now may still have a file open for a moment: that hinders nobody here.
    if (folder !== "") rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    process.exit(0);
  });
