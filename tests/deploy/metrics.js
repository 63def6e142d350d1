// Whether a real Prometheus finds what the dashboard, the rules and docs/telemetry.md name: node metrics.js FOLDER
// FOLDER is the gateway as it is published. Lists of metrics are read where they are; none is here.
import { join } from 'node:path';
import { setTimeout as rest } from 'node:timers/promises';
import { documentedMetrics, expressions, selectors } from './expressions.js';
import { startMeasured, startPostgreSql, startPrometheus, startUpstream, newSecret, stop, stopAll } from './parts.js';
import { Faults } from './repository.js';
import { Tour } from './tour.js';

const PATIENCE_S = 40;
const faults = new Faults();

// What a name becomes in Prometheus has its unit behind it, and what kind of series it is.
const isMetric = (name, series) =>
  new RegExp(`^${name.replaceAll('.', '_')}(_(seconds|bytes|ratio))?(_(total|bucket|sum|count))?$`).test(series);

/** What is not found, of all that is named. */
async function missing(prometheus) {
  const found = [];
  const names = await prometheus.names();
  for (const name of documentedMetrics()) {
    if (!names.some((series) => isMetric(name, series))) found.push(`docs/telemetry.md: ${name}`);
  }

  for (const { where, text } of expressions()) {
    for (const selector of new Set(selectors(text))) {
      if ((await prometheus.count(`last_over_time(${selector}[10m])`)) === 0) found.push(`${where}: ${selector}`);
    }
    // Of a panel, all of it: its labels have to meet as well.
    if (where.startsWith('panel') && (await prometheus.count(text.replaceAll('[1m]', '[10m]'))) === 0) found.push(`${where}: ${text}`);
  }
  return found;
}

async function until(condition) {
  let last;
  for (let second = 0; second < PATIENCE_S; second++) {
    last = await condition();
    if (last.length === 0) break;
    await rest(1000);
  }
  return last;
}

const isDown = async (prometheus) => (await prometheus.count('gateway_store_reachable == 0')) > 0;

async function look(program) {
  const pat = newSecret();
  const database = await startPostgreSql();
  const upstream = await startUpstream(program, pat);
  const gateway = await startMeasured(program, upstream, database);
  const prometheus = await startPrometheus(new URL(gateway.admin).host, gateway.metricsKey);

  // Metrics without a key are nobody's.
  const { status } = await fetch(`${gateway.admin}/metrics`);
  faults.unless(status === 401, `/metrics without a key is ${status}`);

  const tour = new Tour(gateway);
  await tour.begin(pat);
  await tour.waysIn();
  await tour.waitsAndRefusals();
  await stop(upstream);
  await tour.upstreamGone();
  database.end();
  (await until(async () => ((await isDown(prometheus)) ? [] : ['gateway_store_reachable is 0 while the store is away']))).forEach((fault) =>
    faults.add(fault),
  );

  (await until(() => missing(prometheus))).forEach((fault) => faults.add(`Prometheus has nothing of ${fault}`));
  const scraping = await prometheus.fault();
  faults.unless(scraping === null, `Prometheus cannot scrape: ${scraping}`);
}

try {
  await look(join(process.argv[2], 'Gateway.Api.dll'));
} finally {
  await stopAll();
}

faults.end(`${documentedMetrics().length} metrics of docs/telemetry.md, ${expressions().length} expressions`);
