import type { ComponentChildren } from "preact";
import { nameIn } from "../model/identity.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { go, hrefOf, type Route } from "../shell/route.ts";
import { PeerMark } from "./peer-mark.tsx";

/** A link within the page: its address can be shared, and following it loads nothing. */
export function Link(props: {
  readonly screen: string;
  readonly to?: Partial<Route>;
  readonly class?: string;
  readonly current?: boolean;
  readonly children: ComponentChildren;
}) {
  const { screen, to = {}, current, children } = props;
  const follow = (event: MouseEvent): void => {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    go(screen, to);
  };
  return (
    <a
      class={props.class}
      href={hrefOf(screen, to)}
      aria-current={current ? "page" : undefined}
      onClick={follow}
    >
      {children}
    </a>
  );
}

/** A peer by its mark and name, leading to its own screen. */
export function PeerLink({ id, snapshot }: { readonly id: string; readonly snapshot: Snapshot }) {
  return (
    <Link screen="node" to={{ selected: id }} class="peer">
      <PeerMark peer={snapshot.peers.get(id)} snapshot={snapshot} />
      <bdi>{nameIn(snapshot, id)}</bdi>
    </Link>
  );
}
