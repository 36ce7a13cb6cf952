import { type PeerId, streamId } from "@mosaik/primitives";
import { whyApart } from "@mosaik/streams";
import type { Host } from "../host.ts";
import { observe } from "../network/join.ts";
import { lookInto, peerOf, readKeyOf } from "../network/look.ts";
import { readSide, silentSide, type WholeSide } from "../network/sides.ts";
import { Printer } from "../output/printer.ts";
import type { Column } from "../output/table.ts";
import type { InspectOptions } from "../settings/common-options.ts";

type Row = {
  readonly [name: string]: unknown;
  readonly kind: string;
  readonly certainty: string;
  readonly text: string;
  readonly remedy: string;
};

const columns: readonly Column<Row>[] = [
  { title: "WHY", of: ({ kind }) => kind },
  { title: "SURE", of: ({ certainty }) => certainty },
  { title: "WHAT", of: ({ text }) => text },
  { title: "WHAT TO DO", of: ({ remedy }) => remedy },
];

/** Says why two peers are not connected, or do not talk. */
export async function why(
  host: Host,
  [one, other]: readonly [string, string],
  options: InspectOptions & { readonly stream?: string | undefined },
): Promise<void> {
  const printer = new Printer(host, options);
  await observe(host, options, async ({ node, deadline }) => {
    const peers = [peerOf(node, one), peerOf(node, other)] as const;
    const init = { key: await readKeyOf(host, options), signal: deadline };
    const looks = await lookInto(node, peers, init, (inspection) => readSide(inspection, deadline));
    const side = (peer: PeerId): WholeSide => {
      const look = looks.get(peer);
      return look?.ok === true ? look.value : silentSide(peer);
    };
    const stream = options.stream === undefined ? undefined : streamId(options.stream);
    const causes = whyApart(side(peers[0]), side(peers[1]), stream);
    printer.list(
      "causes",
      causes.map((cause): Row => ({ ...cause })),
      columns,
    );
  });
}
