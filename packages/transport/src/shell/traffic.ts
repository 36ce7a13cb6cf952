import type { LinkTraffic } from "./link-home.ts";

/** A link, as far as its traffic goes. */
interface Counted {
  readonly protocol: string;
  readonly traffic: LinkTraffic;
}

interface Account {
  /** What had gone over each before it came here: a link may begin on another connection. */
  readonly open: Map<Counted, LinkTraffic>;
  bytesSent: number;
  bytesReceived: number;
}

/** What went over the links of a connection, by protocol, the closed ones included. */
export class Traffic {
  readonly #accounts = new Map<string, Account>();

  /** A link begins. */
  opened(link: Counted): void {
    const account = this.#accounts.get(link.protocol) ?? { open: new Map(), ...none };
    this.#accounts.set(link.protocol, account);
    account.open.set(link, link.traffic);
  }

  /** A link is over. */
  closed(link: Counted): void {
    const account = this.#accounts.get(link.protocol);
    const before = account?.open.get(link);
    if (account === undefined || before === undefined) return;
    account.open.delete(link);
    account.bytesSent += link.traffic.bytesSent - before.bytesSent;
    account.bytesReceived += link.traffic.bytesReceived - before.bytesReceived;
  }

  /** The account of each protocol. */
  describe(): Record<string, LinkTraffic & { readonly links: number }> {
    return Object.fromEntries([...this.#accounts].map(([id, account]) => [id, sumOf(account)]));
  }
}

const none = { bytesSent: 0, bytesReceived: 0 };

function sumOf({ open, bytesSent, bytesReceived }: Account): LinkTraffic & { links: number } {
  const sum = { links: open.size, bytesSent, bytesReceived, backlogBytes: 0 };
  for (const [{ traffic }, before] of open) {
    sum.bytesSent += traffic.bytesSent - before.bytesSent;
    sum.bytesReceived += traffic.bytesReceived - before.bytesReceived;
    sum.backlogBytes += traffic.backlogBytes;
  }
  return sum;
}
