import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect } from "preact/hooks";
import { peersOf } from "../model/identity.ts";
import { asOf, progress, source, view } from "../shell/app.ts";
import { route } from "../shell/route.ts";
import type { Asked } from "./asked.ts";
import { formatSpan } from "./format.ts";

/** From when on what was last heard counts as old, ms. */
const staleMs = 10_000;
const skeletonMs = 200;

/** Why there is nothing to see here, and what to do about it. */
export function Empty({
  title,
  children,
}: {
  readonly title: string;
  readonly children?: ComponentChildren;
}) {
  return (
    <div class="empty">
      <h2>{title}</h2>
      <p>{children}</p>
    </div>
  );
}

/** Lines where there will be content, once it takes a while. */
export function Skeleton() {
  const late = useSignal(false);
  useEffect(() => {
    const timer = setTimeout(() => {
      late.value = true;
    }, skeletonMs);
    return () => clearTimeout(timer);
  }, []);
  if (!late.value) return null;
  return (
    <div class="skeleton" role="status" aria-label="Loading">
      <span />
      <span />
      <span />
    </div>
  );
}

/** In place of what was asked for: that it is on its way, or why it is not there. */
export function Unanswered({ asked }: { readonly asked: Asked<unknown> }) {
  if (asked.state === "waiting") return <Skeleton />;
  if (asked.state === "told") return null;
  const { why, again } = asked;
  return (
    <p class="hint">
      {why}{" "}
      {again && (
        <button type="button" onClick={again}>
          Ask again
        </button>
      )}
    </p>
  );
}

/**
 * What every screen is in: says that there is nothing yet, that a part is missing, that what is shown
 * is old, or that the network is gone. `children` is drawn once there are peers.
 */
export function Framed({
  title,
  children,
  tools,
}: {
  readonly title: string;
  readonly children: ComponentChildren;
  readonly tools?: ComponentChildren;
}) {
  const { snapshot } = view.value;
  const peers = peersOf(snapshot);
  return (
    <section class="screen" aria-labelledby="title">
      <header class="screen-head">
        <h1 id="title" tabIndex={-1}>
          {title}
        </h1>
        <div class="tools">{tools}</div>
      </header>
      <Notices />
      {peers.length > 0 ? children : <Nobody />}
    </section>
  );
}

function Nobody() {
  if (progress.value !== undefined && progress.value.step < 5) return <Skeleton />;
  return (
    <Empty title="You are the only node">
      Nobody else is in the network now. Start a node with the same network name and this network's
      seed among its seeds; it shows up here by itself.
    </Empty>
  );
}

function Notices() {
  const { snapshot } = view.value;
  const { at } = route.value;
  const isLive = source.value.kind === "network" && at === undefined;
  const peers = peersOf(snapshot);
  const failed = peers.filter(({ access }) => access?.state === "failed").length;
  const opening = peers.filter(
    ({ access }) => access === undefined || access.state === "opening",
  ).length;
  const heard = Math.max(0, ...peers.map(({ heardAt }) => heardAt));
  const ageMs = asOf.value - heard;
  const isAlone = isLive && snapshot.connections === 0 && peers.length > 0;
  return (
    <div class="notices">
      {isAlone && (
        <p class="notice error">
          Disconnected. This is what was last known; the network is dialled again by itself.
        </p>
      )}
      {isLive && !isAlone && heard > 0 && ageMs > staleMs && (
        <p class="notice warning">
          Nothing was heard for {formatSpan(ageMs)}: what you see may be old.
        </p>
      )}
      {failed > 0 && (
        <p class="notice">
          {failed} of {peers.length} nodes {failed === 1 ? "does" : "do"} not answer inspection: of{" "}
          {failed === 1 ? "it" : "them"} only the catalog's part is shown.
        </p>
      )}
      {failed === 0 && opening > 0 && isLive && (
        <p class="notice">
          Still looking into {opening} of {peers.length} nodes.
        </p>
      )}
    </div>
  );
}
