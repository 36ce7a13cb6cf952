import type { LinkTraffic } from "./framed-link.ts";

/** A link, as far as its traffic goes. */
interface Counted {
  readonly protocol: string;
  readonly traffic: LinkTraffic;
}

interface Account {
  readonly open: Set<Counted>;
  bytesSent: number;
  bytesReceived: number;
}

/** What went over the links of a connection, by protocol, the closed ones included. */
export class Traffic {
  readonly #accounts = new Map<string, Account>();

  /** A link begins. */
  opened(link: Counted): void {
    const account = this.#accounts.get(link.protocol);
    if (account !== undefined) account.open.add(link);
    else
      this.#accounts.set(link.protocol, { open: new Set([link]), bytesSent: 0, bytesReceived: 0 });
  }

  /** A link is over. */
  closed(link: Counted): void {
    const account = this.#accounts.get(link.protocol);
    if (account?.open.delete(link) !== true) return;
    account.bytesSent += link.traffic.bytesSent;
    account.bytesReceived += link.traffic.bytesReceived;
  }

  /** The account of each protocol. */
  describe(): Record<string, LinkTraffic & { readonly links: number }> {
    return Object.fromEntries([...this.#accounts].map(([id, account]) => [id, sumOf(account)]));
  }
}

function sumOf({ open, bytesSent, bytesReceived }: Account): LinkTraffic & { links: number } {
  const sum = { links: open.size, bytesSent, bytesReceived, backlogBytes: 0 };
  for (const { traffic } of open) {
    sum.bytesSent += traffic.bytesSent;
    sum.bytesReceived += traffic.bytesReceived;
    sum.backlogBytes += traffic.backlogBytes;
  }
  return sum;
}
