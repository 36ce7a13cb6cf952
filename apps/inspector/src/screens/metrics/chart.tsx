import { useEffect, useRef } from "preact/hooks";
import uPlot from "uplot";
import { formatClock } from "../../parts/format.ts";
import "uplot/dist/uPlot.min.css";

const height = 260;
const colors = 8;
const wholeSeconds = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1_800, 3_600];
const clocks = (_: uPlot, seconds: readonly number[]): string[] =>
  seconds.map((each) => formatClock(each * 1_000).slice(0, 8));

/** Lines over time. Colours are those of the page, also in the dark. */
export function Chart({
  times,
  lines,
}: {
  readonly times: readonly number[];
  readonly lines: readonly {
    readonly name: string;
    readonly values: readonly (number | undefined)[];
  }[];
}) {
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | undefined>(undefined);
  const names = lines.map(({ name }) => name).join();
  const data = [
    [...times],
    ...lines.map(({ values }) => values.map((value) => value ?? null)),
  ] as uPlot.AlignedData; // a column of times, one for each line
  useEffect(() => {
    const element = place.current;
    if (element === null) return;
    const style = getComputedStyle(element);
    const ink = style.getPropertyValue("color");
    const axis = {
      stroke: ink,
      grid: { stroke: `color-mix(in srgb, ${ink} 12%, transparent)`, width: 1 },
    };
    const series = lines.map(({ name }, at) => {
      const probe = document.createElement("i");
      probe.className = `line-${at % colors}`;
      element.append(probe);
      const stroke = getComputedStyle(probe).color;
      probe.remove();
      return { label: name, stroke, width: 1.5, ...(at < colors ? {} : { dash: [6, 4] }) };
    });
    plot.current = new uPlot(
      {
        width: element.clientWidth,
        height,
        series: [{}, ...series],
        scales: {
          y: { range: (_, low, high) => [Math.min(0, low), 1.1 * Math.max(high, 0) || 1] },
        },
        axes: [
          { ...axis, values: clocks, incrs: wholeSeconds, space: 80 },
          { ...axis, size: 64 },
        ],
        legend: { live: false },
      },
      data,
      element,
    );
    const resized = new ResizeObserver(() =>
      plot.current?.setSize({ width: element.clientWidth, height }),
    );
    resized.observe(element);
    return () => {
      resized.disconnect();
      plot.current?.destroy();
    };
  }, [names]);
  useEffect(() => plot.current?.setData(data));
  return (
    <div
      ref={place}
      class="chart"
      role="img"
      aria-label="The course of the metric; the table below has the newest numbers"
    />
  );
}
