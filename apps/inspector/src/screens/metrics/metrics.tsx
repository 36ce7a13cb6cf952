import { MetricsSection } from "@mosaik/transport";
import { useMemo } from "preact/hooks";
import { nameOf, peersOf } from "../../model/identity.ts";
import { sectionOf } from "../../model/snapshot.ts";
import { Empty, Framed } from "../../parts/states.tsx";
import { Said } from "../../parts/text.tsx";
import { clock, pastViews, view } from "../../shell/app.ts";
import { amendMore, route } from "../../shell/route.ts";
import { Chart } from "./chart.tsx";

/** Lines of one chart: more are not told apart. */
const linesMax = 12;
const pointsMax = 120;

/** A metric of all nodes as a chart; a counter as what it grows by in a second. */
export function Metrics() {
  const { snapshot } = view.value;
  const views = useMemo(() => pastViews(pointsMax), [clock.value, route.value.at]);
  const described = new Map(
    peersOf(snapshot).flatMap((peer) => Object.entries(sectionOf(peer, MetricsSection) ?? {})),
  );
  const names = [...described.keys()].sort();
  const chosen = route.value.more["metric"] ?? "";
  const name = names.includes(chosen)
    ? chosen
    : (names.find((each) => each.includes("sent_bytes")) ?? names[0]);
  const metric = name === undefined ? undefined : described.get(name);
  if (name === undefined || metric === undefined) {
    return (
      <Framed title="Metrics">
        <Empty title="No metrics">
          No node that lets us look keeps them. Nodes of <code>createNode</code> do.
        </Empty>
      </Framed>
    );
  }
  const isCounter = metric.kind !== "gauge";
  const peers = peersOf(snapshot).slice(0, linesMax);
  const lines = peers.map((peer) => ({
    name: nameOf(peer),
    values: views.map((past) => {
      const told = sectionOf(past.peers.get(peer.id), MetricsSection)?.[name];
      if (told === undefined) return undefined;
      const numbers =
        told.kind === "histogram"
          ? Object.values(told.distributions).map(({ count }) => count)
          : Object.values(told.numbers);
      return numbers.reduce((sum, number) => sum + number, 0);
    }),
  }));
  const times = views.map(({ at }) => at / 1_000);
  const promql = isCounter
    ? `sum by (instance) (rate(${name}[1m]))`
    : `sum by (instance) (${name})`;
  return (
    <Framed
      title="Metrics"
      tools={
        <>
          <label>
            Metric{" "}
            <select
              value={name}
              onChange={(event) => amendMore("metric", event.currentTarget.value)}
            >
              {names.map((each) => (
                <option key={each} value={each}>
                  {each.slice(0, 80)}
                </option>
              ))}
            </select>
          </label>
          <button
            type="button"
            onClick={() => void navigator.clipboard.writeText(promql).catch(() => {})}
          >
            Copy PromQL
          </button>
        </>
      }
    >
      <section class="card" aria-labelledby="metric">
        <h2 id="metric">
          <Said text={name} />
        </h2>
        <p class="hint">
          <Said text={metric.help} max={200} />{" "}
          {isCounter ? `${metric.unit} a second` : metric.unit}, by node
          {peersOf(snapshot).length > linesMax && `; the first ${linesMax} nodes`}.
        </p>
        <Chart times={times} lines={isCounter ? lines.map((line) => grown(line, times)) : lines} />
      </section>
      <Now lines={lines} unit={metric.unit} />
    </Framed>
  );
}

interface Line {
  readonly name: string;
  readonly values: readonly (number | undefined)[];
}

/** What a counter grows by in a second. */
function grown({ name, values }: Line, times: readonly number[]): Line {
  const rates = values.map((value, at) => {
    const before = values[at - 1];
    const elapsed = (times[at] ?? 0) - (times[at - 1] ?? 0);
    if (value === undefined || before === undefined || value < before || elapsed <= 0)
      return undefined;
    return (value - before) / elapsed;
  });
  return { name, values: rates };
}

/** The newest numbers, for those who do not see the chart. */
function Now({ lines, unit }: { readonly lines: readonly Line[]; readonly unit: string }) {
  return (
    <div class="table">
      <table>
        <caption class="unseen">The newest numbers</caption>
        <thead>
          <tr>
            <th scope="col">Node</th>
            <th scope="col" class="number">
              Now, <Said text={unit} max={20} />
            </th>
          </tr>
        </thead>
        <tbody>
          {lines.map(({ name, values }) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td class="number">
                {values.findLast((value) => value !== undefined)?.toLocaleString("en") ?? "–"}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
