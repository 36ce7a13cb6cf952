import { TransportError } from "../errors.ts";

/** Why one address of a peer did not lead to it. */
export interface DialFailure {
  readonly address: string;
  readonly reason: string;
}

/** What libp2p's failure of a dial means, for people. */
export function dialReason(error: unknown): string {
  if (error instanceof TransportError) return error.message;
  const text = textOf(error);
  for (const [pattern, reason] of dialReasons) if (pattern.test(text)) return reason;
  return text;
}

const dialReasons: readonly (readonly [RegExp, string])[] = [
  [/via relay with status NO_RESERVATION/, "the relay does not know it"],
  [/via relay with status PERMISSION_DENIED/, "the relay does not serve us"],
  [/via relay with status CONNECTION_FAILED/, "it does not answer the relay"],
  [/ECONNREFUSED/, "nothing listens there"],
  [/ETIMEDOUT|TimeoutError|HandshakeTimeout/, "no answer in time"],
  [/EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL/, "no route to it"],
  [/ENOTFOUND|EAI_AGAIN/, "its name cannot be resolved"],
  [/EMFILE|ENFILE/, "this process has too many open files"],
  [/dial self/, "this node itself is there"],
  [/UnexpectedPeer|Unexpected [Pp]eer|identity key/, "another peer is there"],
  [
    /Unexpected EOF|ECONNRESET|EPIPE|closed|reset/i,
    "it refused us: too many connections, or no mosaik node",
  ],
  [/UnsupportedProtocol|Protocol selection failed/, "no mosaik node is there"],
];

/** The error of a dial of which every address failed. */
export function unreachable(failures: readonly DialFailure[]): TransportError {
  const listed = failures.map(({ address, reason }) => `${address}: ${reason}`).join("; ");
  return new TransportError(
    "NETWORK_UNREACHABLE",
    `no address answered (${listed || "none given"})`,
    {
      retryable: true,
      data: { attempts: failures },
    },
  );
}

/** The error of a channel that may not run through a relay with limits. */
function limitedFailure(protocol: string, cause: unknown): TransportError {
  const message = `${protocol} waits for a direct connection: this one is through a relay with limits`;
  const data = { protocol };
  return new TransportError("CHANNEL_LIMITED", message, { retryable: true, cause, data });
}

/** The error of a channel that could not be opened. */
export function openFailure(cause: unknown, protocol: string, connected: boolean): TransportError {
  const name = cause instanceof Error ? cause.name : "";
  if (name === "LimitedConnectionError") return limitedFailure(protocol, cause);
  if (name === "UnsupportedProtocolError") {
    return new TransportError(
      "CHANNEL_UNSUPPORTED_PROTOCOL",
      `the peer does not serve ${protocol}`,
      {
        cause,
        data: { protocol },
      },
    );
  }
  const refused = name === "StreamResetError" && connected;
  if (refused || name === "TooManyOutboundProtocolStreamsError") {
    return new TransportError("NETWORK_NO_CAPACITY", `no more channels of ${protocol} here`, {
      retryable: true,
      cause,
      data: { protocol },
    });
  }
  return new TransportError("CHANNEL_CLOSED", "the connection ended while the channel was opened", {
    retryable: true,
    cause,
    data: { protocol, reason: textOf(cause) },
  });
}

/** The error of addresses that cannot be listened on. */
export function listenFailure(cause: unknown, addresses: readonly string[]): TransportError {
  const text = textOf(cause);
  const known = listenReasons.find(([code]) => text.includes(code));
  const reason = known?.[1] ?? text.split("\n", 1)[0];
  return new TransportError(
    "NETWORK_LISTEN_FAILED",
    `cannot listen on ${addresses.join(", ")}: ${reason}`,
    {
      cause,
      data: { addresses },
    },
  );
}

const listenReasons: readonly (readonly [string, string])[] = [
  ["EADDRINUSE", "the port is taken"],
  ["EADDRNOTAVAIL", "this machine has no such address"],
  ["EACCES", "this user may not use the port"],
];

/** The name and message of what was thrown, those of its causes included. */
function textOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(textOf).join("; ");
  if (error instanceof Error) return `${error.name}: ${error.message}`;
  return String(error);
}
