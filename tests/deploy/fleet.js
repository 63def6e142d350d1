// Whether replicas behind nginx are replaced one by one without a client noticing: node fleet.js FOLDER [REQUESTS_A_SECOND STREAMS]
// FOLDER is the gateway as it is published. The second part is one gateway that is told to stop under many open streams.
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { grpcPredictions, OpenLoad, restPredictions, Streams, Tally } from './load.js';
import { freePort, newSecret, startNginx, startReplica, startUpstream, stop, stopAll } from './parts.js';
import { Faults } from './repository.js';

const [folder, perSecond = '2000', streams = '200'] = process.argv.slice(2);
const program = join(folder, 'Gateway.Api.dll');
const DRAINED_STREAMS = 1000;
const SOME = 50;
const GRPC_PER_SECOND = 100;

// A text has some seconds, so that of those that are open at a stop some come to their end in time, and some do not.
const TOKEN_DELAY = '00:00:00.6';
const SHUTDOWN_TIMEOUT = '00:00:05';

const faults = new Faults();
const pat = newSecret();
const ports = async () => ({ http: await freePort(), grpc: await freePort() });

async function until(condition) {
  while (!(await condition())) await pause(50);
}

async function end(gateway) {
  const began = performance.now();
  const code = await stop(gateway);
  faults.unless(code === 0, `a gateway that is told to stop ends with ${code}: ${gateway.said.slice(-5).join('\n')}`);
  return `${((performance.now() - began) / 1000).toFixed(1)} s`;
}

/** Waits until nginx has asked a replica some more, by REST and by gRPC: it learns of either by itself that a replica is back. */
async function served(servedBy, { ports }) {
  for (const port of Object.values(ports)) {
    const count = () => servedBy.get(`127.0.0.1:${port}`) ?? 0;
    const before = count();
    await until(() => count() >= before + SOME);
  }
}

const told = (tally) => [...tally].map(([what, count]) => `${count} × ${what}`).join(', ');

function failed(what, { failures }) {
  faults.unless(failures.size === 0, `${what} failed: ${told(failures)}`);
}

/** What nginx complains of, but for replicas that are away. */
function troubles({ said }) {
  const found = new Tally();
  for (const [, trouble] of said.join('\n').matchAll(/\[error\] \S+ \*\d+ (.*?) while /g)) {
    if (!trouble.includes('Connection refused')) found.add(trouble);
  }
  return found;
}

const isReady = async ({ http }) => (await fetch(`${http}/healthz/ready`)).ok;

async function replaceReplicas(upstream) {
  const replicas = [];
  for (const name of ['replica-1', 'replica-2']) {
    replicas.push(await startReplica(name, program, upstream, await ports(), SHUTDOWN_TIMEOUT));
  }

  const [one, two] = replicas.map((replica) => replica.ports);
  const front = await ports();
  const nginx = await startNginx({
    'gateway-1:8080': `127.0.0.1:${one.http}`,
    'gateway-2:8080': `127.0.0.1:${two.http}`,
    'gateway-1:8081': `127.0.0.1:${one.grpc}`,
    'gateway-2:8081': `127.0.0.1:${two.grpc}`,
    'listen 80;': `listen 127.0.0.1:${front.http};`,
    'listen 8081 http2;': `listen 127.0.0.1:${front.grpc} http2;`,
  });

  const servedBy = new Tally();
  const address = `http://127.0.0.1:${front.http}`;
  const rest = new OpenLoad(restPredictions(address, pat, servedBy));
  const grpc = new OpenLoad(grpcPredictions(`127.0.0.1:${front.grpc}`, pat, servedBy));
  const texts = new Streams(address, pat);
  await texts.begin(Number(streams), { goesOn: true });
  rest.begin(Number(perSecond));
  grpc.begin(GRPC_PER_SECOND);
  for (const replica of replicas) await served(servedBy, replica);
  for (const [index, replica] of replicas.entries()) {
    const name = `replica-${index + 1}`;
    const ended = await end(replica);
    const again = await startReplica(name, program, upstream, replica.ports, SHUTDOWN_TIMEOUT);
    await until(() => isReady(again));
    await served(servedBy, again);
    console.log(`${name} is replaced: it ended after ${ended}`);
  }

  const rates = [await rest.end(), await grpc.end()];
  await texts.end();
  failed('REST', rest);
  failed('gRPC', grpc);
  failed('streams', texts);
  failed('nginx', { failures: troubles(nginx) });
  console.log(`${rest.sent} predictions at ${rates[0]} a second by REST, ${grpc.sent} at ${rates[1]} by gRPC: ${told(servedBy)}`);
  console.log(`${streams} streams at a time: ${told(texts.ends)}`);
}

async function stopUnderStreams(upstream) {
  const gateway = await startReplica('alone', program, upstream, await ports(), SHUTDOWN_TIMEOUT);
  const texts = new Streams(gateway.http, pat);
  await texts.begin(DRAINED_STREAMS, { goesOn: false });
  const ended = await end(gateway);
  await texts.end();
  failed('streams', texts);
  console.log(`${DRAINED_STREAMS} streams of a gateway that is told to stop: ${told(texts.ends)}; it ended after ${ended}`);
}

try {
  const upstream = await startUpstream(program, pat, TOKEN_DELAY);
  await replaceReplicas(upstream);
  await stopUnderStreams(upstream);
} finally {
  await stopAll();
}

faults.end('none failed');
