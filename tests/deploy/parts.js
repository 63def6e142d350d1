import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { path, read, readJson } from './repository.js';

// What a gateway runs between: an upstream, a store, and who looks at it. All of it ends with this process.
const started = [];
const folder = mkdtempSync(join(tmpdir(), 'gateway-'));
chmodSync(folder, 0o755);

/** The most inputs of a call that the upstream takes, so that a call of more is one to be split. */
export const MAX_INPUTS = 4;

export const newSecret = () => randomBytes(24).toString('hex');
const sha256 = (text) => createHash('sha256').update(text).digest('hex');

/** A port where nothing listens. */
export function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** Starts a program and waits for a line of its output. What it says goes into a file, which is shown when it ends before that. */
function start(name, program, args, line, options = {}) {
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'], ...options });
  started.push(child);
  const said = [];
  return new Promise((resolve, reject) => {
    let found = null;
    const listen = (stream) =>
      createInterface({ input: stream }).on('line', (text) => {
        said.push(text);
        found ??= line.exec(said.join('\n'));
        if (found) resolve({ child, found, said });
      });
    listen(child.stdout);
    listen(child.stderr);
    child.on('error', reject);
    child.on('exit', (code) => reject(new Error(`${name} ended with ${code}:\n${said.join('\n')}`)));
  });
}

export function stop({ child }) {
  const ended = new Promise((resolve) => {
    child.on('exit', resolve);
  });
  child.kill();
  return ended;
}

/** Ends all that was started. */
export async function stopAll() {
  await Promise.all(started.filter((child) => child.exitCode === null && child.signalCode === null).map((child) => stop({ child })));
  rmSync(folder, { recursive: true, force: true });
}

export async function startPostgreSql() {
  const home = join(folder, 'postgresql');
  const [port, password] = [await freePort(), newSecret()];
  mkdirSync(home);
  writeFileSync(join(home, 'password'), password, { mode: 0o600 });
  const server = await start('PostgreSQL', 'bash', [path('tests/deploy/postgresql'), home, String(port)], /^ready$/m);
  return { port, password, end: () => server.child.stdin.end() };
}

// Where it listens, as it says on its console.
const LISTENING =
  /Gateway at (?<http>http:\/\/[^, ]+)[^]*?(?:Admin API at (?<admin>.*)\/admin\/v1[^]*?)?gRPC.* without TLS, at http:\/\/(?<grpc>\S+)/;

async function startGateway(name, program, home, args, { http, grpc } = { http: 0, grpc: 0 }) {
  const own = ['--urls', `http://127.0.0.1:${http}`, `--Gateway:Grpc:Url=http://127.0.0.1:${grpc}`, '--Gateway:LogFormat=text'];
  const { child, found, said } = await start(name, 'dotnet', [program, ...own, ...args], LISTENING, { cwd: home });
  return { child, said, ...found.groups };
}

/** A gateway on the sandbox, to be the upstream of another one; it takes one token. */
export function startUpstream(program, pat, tokenDelay = '00:00:00.001') {
  const home = join(folder, 'upstream');
  mkdirSync(home);
  return startGateway('the upstream', program, home, [
    `--Gateway:Sandbox:Keys:0=${pat}`,
    `--Gateway:Sandbox:TokenDelay=${tokenDelay}`,
    `--Gateway:Limits:MaxModelInputs=${MAX_INPUTS}`,
    '--Serilog:MinimumLevel:Default=Warning',
  ]);
}

/** A gateway with the settings of the manifests, but for where others are: of two addresses of the upstream nobody listens at the first. */
export async function startMeasured(program, upstream, database) {
  const home = join(folder, 'gateway');
  const [adminKey, metricsKey] = [newSecret(), newSecret()];
  const settings = readJson('deploy/kubernetes/base/appsettings.json');
  const {
    Gateway: { Store, Upstream, Admin, Telemetry, Shutdown },
  } = settings;
  mkdirSync(home);

  // Of the connection string, too, all stays but where.
  Store.ConnectionString =
    `${Store.ConnectionString.replace(/(Host|Passfile|Database)=[^;]*;?/g, '')};Host=127.0.0.1;Port=${database.port}` +
    `;Database=postgres;Passfile=${join(home, 'pgpass')}`;
  Store.MasterKeyFile = join(home, 'master.key');
  delete Upstream.Address;
  Upstream.Addresses = [`http://127.0.0.1:${await freePort()}`, `http://${upstream.grpc}`];
  Admin.Url = 'http://127.0.0.1:0';
  Admin.KeySha256 = sha256(adminKey);
  Telemetry.MetricsKeySha256 = sha256(metricsKey);
  delete Shutdown.Delay;

  writeFileSync(join(home, 'pgpass'), `127.0.0.1:${database.port}:postgres:gateway:${database.password}\n`, { mode: 0o600 });
  writeFileSync(join(home, 'appsettings.json'), JSON.stringify(settings));
  return { ...(await startGateway('the gateway', program, home, [])), adminKey, metricsKey };
}

/** A gateway at ports of its own, where it is again when it is started again. Its tenants are who sends a token. */
export async function startReplica(name, program, upstream, ports, shutdownTimeout) {
  const home = join(folder, name);
  mkdirSync(home, { recursive: true });
  const settings = [
    `--Gateway:Upstream:Address=http://${upstream.grpc}`,
    `--Gateway:Shutdown:Timeout=${shutdownTimeout}`,
    '--Serilog:MinimumLevel:Default=Warning',
  ];
  return { ...(await startGateway(name, program, home, settings, ports)), ports };
}

/** Debian's nginx with the file of deploy/, in which addresses are others; answers tell by `X-Served-By` who was asked for them. */
export async function startNginx(addresses) {
  const home = join(folder, 'nginx');
  mkdirSync(home);
  let text = read('deploy/nginx/gateway.conf');
  for (const [documented, actual] of Object.entries(addresses)) {
    if (!text.includes(documented)) throw new Error(`deploy/nginx/gateway.conf has no '${documented}'`);
    text = text.replaceAll(documented, actual);
  }

  writeFileSync(join(home, 'gateway.conf'), text);
  writeFileSync(
    join(home, 'nginx.conf'),
    `daemon off; worker_processes 2; pid nginx.pid; error_log stderr notice; worker_rlimit_nofile 16384;
    events { worker_connections 8192; }
    http {
      access_log off;
      add_header X-Served-By $upstream_addr always;
      client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi; uwsgi_temp_path uwsgi; scgi_temp_path scgi;
      include gateway.conf;
    }`,
  );

  // Debian keeps it off the PATH of users other than root.
  const program = existsSync('/usr/sbin/nginx') ? '/usr/sbin/nginx' : 'nginx';
  return start('nginx', program, ['-p', home, '-c', 'nginx.conf', '-e', 'stderr'], /start worker process/);
}

/** Debian's Prometheus with the rules of deploy/, which looks once a second. */
export async function startPrometheus(target, metricsKey) {
  const home = join(folder, 'prometheus');
  mkdirSync(home);
  writeFileSync(join(home, 'key'), metricsKey, { mode: 0o600 });
  writeFileSync(
    join(home, 'prometheus.yaml'),
    JSON.stringify({
      global: { scrape_interval: '1s', evaluation_interval: '1s' },
      rule_files: [path('deploy/prometheus/rules.yaml')],
      scrape_configs: [
        {
          job_name: 'gateway',
          authorization: { type: 'Bearer', credentials_file: join(home, 'key') },
          static_configs: [{ targets: [target] }],
        },
      ],
    }),
  );
  const address = `127.0.0.1:${await freePort()}`;
  await start(
    'Prometheus',
    'prometheus',
    [`--config.file=${join(home, 'prometheus.yaml')}`, `--storage.tsdb.path=${join(home, 'data')}`, `--web.listen-address=${address}`],
    /Server is ready/,
  );
  return new Prometheus(`http://${address}`);
}

/** What Prometheus' API tells. */
class Prometheus {
  #address;

  constructor(address) {
    this.#address = address;
  }

  async #get(resource, parameters) {
    const answer = await fetch(`${this.#address}/api/v1/${resource}?${new URLSearchParams(parameters)}`);
    const { status, data, error } = await answer.json();
    if (status !== 'success') throw new Error(error);
    return data;
  }

  /** The names of all series. */
  names() {
    return this.#get('label/__name__/values');
  }

  /** How many series an expression has. */
  async count(query) {
    return (await this.#get('query', { query })).result.length;
  }

  /** What went wrong with scraping; null for nothing. */
  async fault() {
    const {
      activeTargets: [{ health, lastError }],
    } = await this.#get('targets');
    return health === 'down' ? lastError : null;
  }
}
