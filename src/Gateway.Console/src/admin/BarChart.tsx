import { count } from '../ui/text.ts';

interface Props {
  bars: { name: string; value: number }[];
  /** Days stand side by side, in time; names lie one below the other. */
  isTime: boolean;
}

const most = 12;

/** Bars of sums. What they show is in the table below them, for whoever does not see them. */
export function BarChart({ bars, isTime }: Props) {
  const top = Math.max(...bars.map(({ value }) => value)) || 1;
  if (!isTime) {
    return (
      <div class="concepts" aria-hidden="true">
        {bars.slice(0, most).map(({ name, value }) => (
          <div class="one" key={name}>
            <span class="name">{name}</span>
            <span class="bar">
              <span style={{ width: `${(value / top) * 100}%` }} />
            </span>
            <span class="value">{count(value)}</span>
          </div>
        ))}
      </div>
    );
  }
  return (
    <div class="days" aria-hidden="true">
      <svg viewBox={`0 0 ${bars.length} 100`} preserveAspectRatio="none">
        {bars.map(({ name, value }, index) => (
          <rect key={name} x={index + 0.1} width={0.8} y={100 - (value / top) * 100} height={(value / top) * 100}>
            <title>
              {name}: {count(value)}
            </title>
          </rect>
        ))}
      </svg>
      <div class="row spread muted">
        <span>{bars[0]!.name}</span>
        <span>at most {count(top)}</span>
        <span>{bars.at(-1)!.name}</span>
      </div>
    </div>
  );
}
