import { createCommand } from "@commander-js/extra-typings";
import type { Host } from "../host.ts";
import { inspecting, printing } from "../settings/common-options.ts";
import { parseDuration } from "../settings/quantities.ts";

/** `ticket`: what proves that a peer may do something, and invites. */
export function ticketCommand(host: Host) {
  return createCommand("ticket")
    .description("issue and check tickets (JWT, EdDSA), and write invites")
    .addCommand(issue(host))
    .addCommand(verify(host))
    .addCommand(inspect(host))
    .addCommand(invite(host));
}

function issue(host: Host) {
  return printing(createCommand("issue"))
    .description("issue a ticket to a peer")
    .option("--issuer-key <path>", "the issuer's key, as keygen writes it; - for the input")
    .option("--sub <peer>", "the peer that the ticket is for")
    .option("--any", "the ticket is for whoever has it")
    .option("--class <name>", "what it is a ticket for")
    .option("--ttl <duration>", "how long it is valid (default: 1h)", parseDuration)
    .option("--claims <json>", "further claims, as a JSON object")
    .action(async (options) => {
      const { issueTicket } = await import("../tickets/issue.ts");
      await issueTicket(host, options);
    });
}

function verify(host: Host) {
  return printing(createCommand("verify"))
    .description("check a ticket: signature, times, class and peer; exits with 6 where it is bad")
    .argument("<token>", "the ticket; - for the standard input")
    .option("--key <id>", "the issuer: its peer id, or a file that holds it")
    .option("--jwks <url>", "where the issuers' keys are, as a JWK set")
    .option("--peer <id>", "who shows it")
    .option("--class <name>", "what it must be a ticket for")
    .option(
      "-t, --timeout <duration>",
      "how long to wait for the JWK set (default: 10s)",
      parseDuration,
    )
    .action(async (token, options) => {
      const { verifyTicket } = await import("../tickets/verify.ts");
      await verifyTicket(host, token, options);
    });
}

function inspect(host: Host) {
  return printing(createCommand("inspect"))
    .description("print what a ticket or an invite says, unchecked")
    .argument("<token>", "the ticket or invite; - for the standard input")
    .action(async (token, options) => {
      const { inspectTicket } = await import("../tickets/verify.ts");
      await inspectTicket(host, token, options);
    });
}

function invite(host: Host) {
  return inspecting(createCommand("invite"))
    .description("write an invite: one line by which others can join the network; it has no end")
    .option("--with-secret", "let it carry the network's secret: whoever reads it can join")
    .option("--with-read-key", "let it carry the inspection key: whoever reads it can look in")
    .action(async (options) => {
      const { writeInvite } = await import("../tickets/invite.ts");
      await writeInvite(host, options);
    });
}
