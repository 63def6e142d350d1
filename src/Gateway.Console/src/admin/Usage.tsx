import { useMemo, useState } from 'preact/hooks';
import { count } from '../ui/text.ts';
import type { Admin, UsageRow } from './api.ts';
import { BarChart } from './BarChart.tsx';
import { useLoaded } from './useLoaded.ts';

const measures = {
  requests: 'Requests',
  inputs: 'Inputs',
  promptTokens: 'Prompt tokens',
  completionTokens: 'Completion tokens',
  cachedTokens: 'Cached tokens',
  requestBytes: 'Bytes of requests',
  responseBytes: 'Bytes of answers',
} as const;
const groups = { day: 'day', tenant: 'tenant', key: 'key', model: 'model' } as const;

type Measure = keyof typeof measures;
type Group = keyof typeof groups;

const dayMilliseconds = 86_400_000;
const isoDay = (daysAgo: number) => new Date(Date.now() - daysAgo * dayMilliseconds).toISOString().slice(0, 10);

/** What was used, by day, tenant, key or model. */
export function Usage({ admin, onUnauthorized }: { admin: Admin; onUnauthorized: () => void }) {
  const [from, setFrom] = useState(() => isoDay(29));
  const [to, setTo] = useState(() => isoDay(0));
  const [measure, setMeasure] = useState<Measure>('requests');
  const [group, setGroup] = useState<Group>('day');
  const [tenant, setTenant] = useState('');
  const { value: rows, error } = useLoaded((signal) => admin.usage(from, to, signal), [admin, from, to], onUnauthorized);
  const tenants = useMemo(() => [...new Set(rows?.map((row) => row.tenant))].toSorted(), [rows]);
  const bars = useMemo(
    () =>
      totals(
        (rows ?? []).filter((row) => tenant === '' || row.tenant === tenant),
        group,
        measure,
        from,
        to,
      ),
    [rows, tenant, group, measure],
  );

  return (
    <>
      <h1>Usage</h1>
      <div class="card">
        <div class="grid narrow-fields">
          <Choice id="usage-measure" name="What" choices={measures} value={measure} onChange={setMeasure} />
          <Choice id="usage-group" name="By" choices={groups} value={group} onChange={setGroup} />
          <Choice
            id="usage-tenant"
            name="Tenant"
            choices={{ '': 'all', ...Object.fromEntries(tenants.map((one) => [one, one])) }}
            value={tenant}
            onChange={setTenant}
          />
          <div class="field">
            <label for="usage-from">From</label>
            <input id="usage-from" type="date" value={from} onChange={(event) => setFrom(event.currentTarget.value)} />
          </div>
          <div class="field">
            <label for="usage-to">To</label>
            <input id="usage-to" type="date" value={to} onChange={(event) => setTo(event.currentTarget.value)} />
          </div>
        </div>
      </div>
      {error && <p class="error">{error}</p>}
      {rows && rows.length === 0 && <p class="muted">Nothing was used in this time.</p>}
      {bars.length > 0 && rows && rows.length > 0 && (
        <div class="card">
          <h2>
            {measures[measure]} by {groups[group]}: {count(bars.reduce((sum, { value }) => sum + value, 0))}
          </h2>
          <BarChart bars={bars} isTime={group === 'day'} />
          <div class="scroll">
            <table>
              <thead>
                <tr>
                  <th scope="col">{groups[group]}</th>
                  <th scope="col" class="number">
                    {measures[measure]}
                  </th>
                </tr>
              </thead>
              <tbody>
                {bars
                  .filter(({ value }) => value > 0)
                  .map(({ name, value }) => (
                    <tr key={name}>
                      <td>{name}</td>
                      <td class="number">{count(value)}</td>
                    </tr>
                  ))}
              </tbody>
            </table>
          </div>
        </div>
      )}
    </>
  );
}

interface ChoiceProps<T extends string> {
  id: string;
  name: string;
  choices: Record<T, string>;
  value: T;
  onChange: (value: T) => void;
}

function Choice<T extends string>({ id, name, choices, value, onChange }: ChoiceProps<T>) {
  return (
    <div class="field">
      <label for={id}>{name}</label>
      <select id={id} value={value} onChange={(event) => onChange(event.currentTarget.value as T)}>
        {Object.entries<string>(choices).map(([choice, text]) => (
          <option key={choice} value={choice}>
            {text}
          </option>
        ))}
      </select>
    </div>
  );
}

/** Sums of a measure: of every day there is, in order; of anything else, the greatest first. */
export function totals(
  rows: UsageRow[],
  group: Group,
  measure: Measure,
  from: string,
  to: string,
): { name: string; value: number }[] {
  const sums = new Map<string, number>(group === 'day' ? days(from, to).map((day) => [day, 0]) : []);
  for (const row of rows) sums.set(row[group], (sums.get(row[group]) ?? 0) + row[measure]);
  const bars = [...sums].map(([name, value]) => ({ name: name || 'none', value }));
  return group === 'day' ? bars : bars.toSorted((one, other) => other.value - one.value);
}

function days(from: string, to: string): string[] {
  const all: string[] = [];
  for (let at = Date.parse(from); at <= Date.parse(to) && all.length < 400; at += dayMilliseconds)
    all.push(new Date(at).toISOString().slice(0, 10));
  return all;
}
