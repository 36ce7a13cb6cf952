import { pageIdentity } from "../../src/libp2p/page-identity.ts";

/** Takes the identity in whatever tab this runs: its first bytes, and whether it is kept. */
export async function take(name: string): Promise<string> {
  const { secretKey, kept } = await pageIdentity({ name });
  return `${kept} ${secretKey.slice(0, 8).join()}`;
}
