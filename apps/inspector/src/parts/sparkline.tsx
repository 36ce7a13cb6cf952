/** The course of a figure, without axes: the newest value stands beside it in words. */
export function Sparkline({
  values,
  label,
}: {
  readonly values: readonly number[];
  readonly label: string;
}) {
  if (values.length < 2) return <svg class="spark" viewBox="0 0 96 24" aria-hidden="true" />;
  const max = Math.max(...values, 1e-9);
  const points = values.map((value, at) => {
    const x = (at / (values.length - 1)) * 96;
    return `${x.toFixed(1)},${(22 - (value / max) * 20).toFixed(1)}`;
  });
  return (
    <svg class="spark" viewBox="0 0 96 24" preserveAspectRatio="none" role="img" aria-label={label}>
      <path class="area" d={`M0,24L${points.join("L")}L96,24Z`} />
      <path class="line" d={`M${points.join("L")}`} />
    </svg>
  );
}
