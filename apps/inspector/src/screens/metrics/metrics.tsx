import { MetricsSection } from "@mosaik/transport";
import { useMemo } from "preact/hooks";
import { nameOf, peersOf } from "../../model/identity.ts";
import { type Peer, sectionOf } from "../../model/snapshot.ts";
import { Empty, Framed } from "../../parts/states.tsx";
import { Said } from "../../parts/text.tsx";
import { clock, pastViews, view } from "../../shell/app.ts";
import { amendMore, route } from "../../shell/route.ts";
import { Chart } from "./chart.tsx";
import { ratesOf, type Sample } from "./rates.ts";

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
    samples: views.map((past) => sampleOf(past.peers.get(peer.id), name)),
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
        {isCounter && lines.some(({ samples }) => isUnrated(samples)) && (
          <p class="hint" role="status">
            A rate takes two reports of a node: the second is on its way.
          </p>
        )}
        <Chart
          times={times}
          lines={lines.map(({ name, samples }) => ({
            name,
            values: isCounter ? ratesOf(samples) : samples.map((sample) => sample?.value),
          }))}
        />
      </section>
      <Now lines={lines} unit={metric.unit} />
    </Framed>
  );
}

/** What a node said of a metric last: all its numbers together. */
function sampleOf(peer: Peer | undefined, name: string): Sample | undefined {
  const told = sectionOf(peer, MetricsSection)?.[name];
  const at = peer?.sections.get(MetricsSection.name)?.at;
  if (told === undefined || at === undefined) return undefined;
  const numbers =
    told.kind === "histogram"
      ? Object.values(told.distributions).map(({ count }) => count)
      : Object.values(told.numbers);
  return { at, value: numbers.reduce((sum, number) => sum + number, 0) };
}

/** Whether a node has reported once only. */
function isUnrated(samples: readonly (Sample | undefined)[]): boolean {
  return samples.at(-1) !== undefined && ratesOf(samples).every((rate) => rate === undefined);
}

interface Line {
  readonly name: string;
  readonly samples: readonly (Sample | undefined)[];
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
          {lines.map(({ name, samples }) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td class="number">
                {samples.findLast((sample) => sample)?.value.toLocaleString("en") ?? "–"}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
