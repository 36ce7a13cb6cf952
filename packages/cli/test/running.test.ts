import { test } from "vitest";
import { golden, nowhere } from "./transcript.ts";

test.each([
  ["node", ["--listen", "127.0.0.1:0"], ["--listen", "nowhere"]],
  ["relay", ["--listen", "127.0.0.1:0", "--max-reservations", "16"], ["--limit-bytes", "some"]],
])("%s says where it is, and leaves in order", (command, options, wrong) =>
  golden(
    nowhere,
    command,
    { args: [command, ...options, "--network", "field"], until: /invite.*\n/, by: "SIGTERM" },
    [command, ...wrong, "--network", "field"],
    [command],
  ),
);
