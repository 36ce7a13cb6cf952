import { nameIn, peersOf } from "../../model/identity.ts";
import { Link } from "../../parts/link.tsx";
import { Empty, Framed } from "../../parts/states.tsx";
import { view } from "../../shell/app.ts";
import { amend, route } from "../../shell/route.ts";
import { matches } from "../topology/filter.ts";
import { PeerTable } from "../topology/tables.tsx";
import { Identity } from "./identity.tsx";
import { Connections, Dials } from "./reach.tsx";
import { Memberships, Streams } from "./work.tsx";

/** All nodes, or all about one of them. */
export function NodeScreen() {
  const { snapshot } = view.value;
  const { selected } = route.value;
  if (selected === "") {
    const peers = peersOf(snapshot).filter(matches);
    return (
      <Framed title="Nodes">
        <PeerTable peers={peers} selected="" onPick={(id) => amend({ selected: id })} />
      </Framed>
    );
  }
  const peer = snapshot.peers.get(selected);
  return (
    <Framed title={nameIn(snapshot, selected)} tools={<Link screen="node">All nodes</Link>}>
      {peer === undefined ? (
        <Empty title="This node is not in the network">
          It has left, or was not there yet at the moment that you look at.
        </Empty>
      ) : (
        <div class="columns even">
          <Identity peer={peer} />
          <Streams peer={peer} />
          <Memberships peer={peer} />
          <Connections peer={peer} />
          <Dials peer={peer} />
        </div>
      )}
    </Framed>
  );
}
