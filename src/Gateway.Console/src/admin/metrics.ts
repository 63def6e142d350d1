/** A line of Prometheus' text format. */
export interface Sample {
  name: string;
  labels: Record<string, string>;
  value: number;
}

export function parseMetrics(text: string): Sample[] {
  return text.split('\n').flatMap((line) => {
    const found = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)/.exec(line);
    if (!found) return [];
    const [, name, labels = '', value] = found;
    const pairs = [...labels.matchAll(/([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"/g)].map(([, label, content]) => [label!, content!]);
    return [{ name: name!, labels: Object.fromEntries(pairs) as Record<string, string>, value: Number(value) }];
  });
}

/** The sum of a metric's samples whose labels pass. */
export function sum(samples: Sample[], name: string, passes: (labels: Record<string, string>) => boolean = () => true): number {
  return samples.filter((sample) => sample.name === name && passes(sample.labels)).reduce((total, { value }) => total + value, 0);
}

/**
 * A quantile of what a histogram counted from one reading to the next, in its unit; NaN when it counted nothing. Within a bucket, values
 * are taken to lie evenly, as Prometheus takes them.
 */
export function quantile(before: Sample[], now: Sample[], name: string, share: number): number {
  const bounds = [...new Set(now.filter((one) => one.name === `${name}_bucket`).map(({ labels }) => labels.le ?? ''))];
  const buckets = bounds
    .map((le) => {
      const of = (samples: Sample[]) => sum(samples, `${name}_bucket`, (labels) => labels.le === le);
      return { bound: le === '+Inf' ? Infinity : Number(le), count: of(now) - of(before) };
    })
    .toSorted((one, other) => one.bound - other.bound);
  const rank = share * (buckets.at(-1)?.count ?? 0);
  if (rank === 0) return NaN;
  const at = buckets.findIndex(({ count }) => count >= rank);
  const { bound, count } = buckets[at]!;
  const below = buckets[at - 1] ?? { bound: 0, count: 0 };
  return bound === Infinity ? below.bound : below.bound + ((bound - below.bound) * (rank - below.count)) / (count - below.count);
}
