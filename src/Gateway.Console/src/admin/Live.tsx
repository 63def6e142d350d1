import { useEffect, useState } from 'preact/hooks';
import { GatewayError, isUnauthorized, type Client } from '../gateway/client.ts';
import { count, time } from '../ui/text.ts';
import { parseMetrics, quantile, sum, type Sample } from './metrics.ts';

interface Reading {
  at: number;
  samples: Sample[];
}

const interval = 2000;
const kept = 60;
const requests = 'http_server_request_duration_seconds';
const addresses = 'gateway_upstream_addresses';
const overhead = 'gateway_request_overhead_seconds';

// What operators and probes ask is no traffic.
const isTraffic = ({ http_route: route = '' }: Record<string, string>) => !/^\/?(healthz|admin|metrics|console)/.test(route);
const isIn = (state: string) => (labels: Record<string, string>) => labels.gateway_address_state === state;
const isError = (labels: Record<string, string>) => isTraffic(labels) && Number(labels.http_response_status_code) >= 500;

/** What goes on at present, as the metrics of the admin API's port tell it. */
export function Live({ client, onUnauthorized }: { client: Client; onUnauthorized: () => void }) {
  const [readings, setReadings] = useState<Reading[]>([]);
  const [failure, setFailure] = useState<string | null>(null);

  useEffect(() => {
    const abort = new AbortController();
    const read = async () => {
      try {
        const text = await client.text('metrics', { signal: abort.signal });
        setReadings((before) => [...before, { at: performance.now(), samples: parseMetrics(text) }].slice(-kept));
        setFailure(null);
      } catch (error) {
        if (abort.signal.aborted) return;
        setFailure(error instanceof GatewayError && error.status === 404 ? noMetrics : (error as Error).message);
        if (isUnauthorized(error)) return onUnauthorized();
      }
      timer = setTimeout(read, interval);
    };
    let timer = setTimeout(read);
    return () => {
      abort.abort();
      clearTimeout(timer);
    };
  }, [client]);

  const [now, before, first] = [readings.at(-1), readings.at(-2), readings[0]];
  return (
    <>
      <h1>Live</h1>
      {failure && <p class="error">{failure}</p>}
      {!now && !failure && <p class="muted">Loading…</p>}
      {now && (
        <>
          <ul class="figures">
            <Figure name="Requests" value={before ? `${rate(before, now, isTraffic).toFixed(1)}/s` : '…'} />
            <Figure name="Errors (5xx)" value={before ? `${rate(before, now, isError).toFixed(1)}/s` : '…'} />
            <Figure name="Overhead, median" value={of(first!, now, 0.5)} />
            <Figure name="Overhead, 99 in 100" value={of(first!, now, 0.99)} />
            <Figure name="In flight" value={count(sum(now.samples, 'gateway_requests_active'))} />
            <Figure name="Streams" value={count(sum(now.samples, 'gateway_streams_open'))} />
          </ul>
          <section class="card" aria-label="Upstream">
            <h2>Upstream</h2>
            <p>
              Usable addresses: {count(sum(now.samples, addresses, isIn('usable')))}, left out:{' '}
              {count(sum(now.samples, addresses, isIn('ejected')))}, retries since the start:{' '}
              {count(sum(now.samples, 'gateway_upstream_retries_total'))}
            </p>
          </section>
          <section class="card" aria-label="Requests a second">
            <h2>Requests a second, of the last two minutes</h2>
            <Rates readings={readings} />
          </section>
        </>
      )}
    </>
  );
}

const noMetrics = 'There are no metrics: Gateway:Telemetry:Prometheus turns them on.';

const Figure = ({ name, value }: { name: string; value: string }) => (
  <li>
    <span class="muted">{name}</span>
    <strong>{value}</strong>
  </li>
);

function Rates({ readings }: { readings: Reading[] }) {
  const rates = readings.slice(1).map((now, index) => rate(readings[index]!, now, isTraffic));
  const top = Math.max(...rates, 1);
  const points = rates.map((value, index) => `${kept - rates.length + index},${100 - (value / top) * 95}`).join(' ');
  return (
    <figure class="vector">
      <svg
        viewBox={`0 0 ${kept - 1} 100`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`Requests a second, at most ${top.toFixed(1)}`}
      >
        <polyline points={points} />
      </svg>
      <figcaption class="muted">at most {top.toFixed(1)}</figcaption>
    </figure>
  );
}

function rate(before: Reading, now: Reading, passes: (labels: Record<string, string>) => boolean): number {
  const of = ({ samples }: Reading) => sum(samples, `${requests}_count`, passes);
  return Math.max(0, (of(now) - of(before)) / ((now.at - before.at) / 1000)); // less than before: another process has begun
}

// Of what this page has seen.
function of(first: Reading, now: Reading, share: number): string {
  const value = quantile(first.samples, now.samples, overhead, share);
  return Number.isNaN(value) ? 'none yet' : time(value * 1000);
}
