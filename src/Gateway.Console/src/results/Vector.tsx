/** A vector as a small plot: a line for each number, up or down from the middle. */
export function Vector({ values }: { values: number[] }) {
  const most = Math.max(...values.map(Math.abs)) || 1;
  const length = Math.hypot(...values);
  const step = Math.ceil(values.length / 512);
  const drawn = values.filter((_, index) => index % step === 0);
  const path = drawn.map((value, index) => `M${index + 0.5} 0V${(-value / most).toFixed(3)}`).join('');
  return (
    <figure class="vector">
      <svg
        viewBox={`0 -1 ${drawn.length} 2`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`A vector of ${values.length} numbers`}
      >
        <path d={path} />
      </svg>
      <figcaption class="muted">
        {values.length} numbers, length {length.toFixed(3)}, from {Math.min(...values).toFixed(3)} to{' '}
        {Math.max(...values).toFixed(3)}
      </figcaption>
    </figure>
  );
}
