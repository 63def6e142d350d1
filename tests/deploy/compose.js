// Holds deploy/compose against the schema of Compose, and its parts against each other and the image: node compose.js ENV
// ENV is the file of variables that docs/deploying.md has somebody make.
import Ajv from 'ajv';
import addFormats from 'ajv-formats';
import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join, normalize } from 'node:path';
import { parse } from 'yaml';
import { image } from './dockerfile.js';
import { Faults, path, readJson, readVariables, readYaml, version } from './repository.js';

const FOLDER = 'deploy/compose';
const [file = `${FOLDER}/compose.yaml`] = process.argv.slice(3);
const faults = new Faults();
const compose = parse(readFileSync(file.startsWith('/') ? file : path(file), 'utf8'));

// Compose's schema names draft 7 by an address that draft 7 does not have, and formats of its own.
const { $schema, ...schema } = readJson('tests/deploy/schemas/compose-spec.json');
const ajv = addFormats(new Ajv({ strict: false, allErrors: true, formats: { duration: true } }));
if (!ajv.validate(schema, compose)) {
  ajv.errors.forEach(({ instancePath, message, params }) =>
    faults.add(`compose.yaml ${instancePath} ${message} ${JSON.stringify(params)}`),
  );
}

const { services, volumes, secrets } = compose;
const { gateway } = services;

// Variables: those that must be there are those that somebody is told to make.
const variables = readVariables(process.argv[2]);
const wanted = new Set([
  ...[...JSON.stringify(compose).matchAll(/\$\{(\w+):\?\}/g)].map(([, name]) => name),
  ...Object.values(secrets).map(({ environment }) => environment),
]);
faults.unless(
  String([...wanted].sort()) === String(Object.keys(variables).sort()),
  `compose.yaml wants ${[...wanted].sort()}, and docs/deploying.md makes ${Object.keys(variables).sort()}`,
);

// What services name is there.
for (const [name, service] of Object.entries(services)) {
  Object.keys(service.depends_on ?? {}).forEach((other) =>
    faults.unless(services[other], `${name} waits for ${other}, which is no service`),
  );
  (service.secrets ?? []).forEach((secret) => faults.unless(secrets[secret], `${name} has the secret ${secret}, which there is not`));
  for (const volume of service.volumes ?? []) {
    const [source] = volume.split(':');
    const there = source.startsWith('.') ? existsSync(path(join(FOLDER, source))) : source in volumes;
    faults.unless(there, `${name} mounts ${source}, which there is not`);
  }
}

const published = Object.values(services)
  .flatMap(({ ports }) => ports ?? [])
  .map((port) => port.split(':').at(-2));
faults.unless(new Set(published).size === published.length, `a port is published twice: ${published}`);

// The gateway: of this version, from these sources, at the ports where it listens, for as long as it stops.
const inside = gateway.ports.map((port) => port.split(':').at(-1));
const admin = new URL(gateway.environment.Gateway__Admin__Url.replace('*', 'any')).port;
faults.unless(gateway.image === `clarifai-gateway:${version}`, `the image is ${gateway.image}, and the version ${version}`);
faults.unless(existsSync(path(join(FOLDER, gateway.build, 'Dockerfile'))), `there is no Dockerfile in ${gateway.build}`);
faults.unless(
  String(inside) === String([...image.ports, admin]),
  `the gateway's ports are not where it listens: ${[...image.ports, admin]}`,
);
faults.unless(
  gateway.ports.some((port) => port === `127.0.0.1:${admin}:${admin}`),
  'others than this machine reach the admin port',
);
faults.unless(gateway.stop_grace_period === '29s', 'the gateway needs 29 s to stop: Gateway:Shutdown:Timeout, and four seconds');

// Prometheus and Grafana: each finds the next one, and its files.
const target = (service) => `${service}:${services[service].ports.at(-1).split(':').at(-1)}`;
const mounts = (service) => services[service].volumes.map((volume) => volume.split(':'));
const mounted = (service, destination) => {
  const found = mounts(service).find(([, inner]) => inner === destination || inner === dirname(destination));
  return found && normalize(join(FOLDER, found[0]));
};

const prometheus = readYaml(mounted('prometheus', '/etc/prometheus/prometheus.yml'));
const [job] = prometheus.scrape_configs;
faults.unless(String(job.static_configs[0].targets) === `gateway:${admin}`, `Prometheus scrapes ${job.static_configs[0].targets}`);
faults.unless(
  services.prometheus.secrets.includes(basename(job.authorization.credentials_file)) &&
    dirname(job.authorization.credentials_file) === '/run/secrets',
  'Prometheus has no key for the gateway',
);
prometheus.rule_files.forEach((rules) => faults.unless(mounted('prometheus', `/etc/prometheus/${rules}`), `Prometheus has no ${rules}`));

const [source] = readYaml(mounted('grafana', '/etc/grafana/provisioning/datasources/prometheus.yaml')).datasources;
const [provider] = readYaml(mounted('grafana', '/etc/grafana/provisioning/dashboards/gateway.yaml')).providers;
faults.unless(source.url === `http://${target('prometheus')}`, `Grafana looks for Prometheus at ${source.url}`);
faults.unless(existsSync(path(join(mounted('grafana', provider.options.path) ?? '', 'gateway.json'))), 'Grafana has no dashboard');

faults.end(`${Object.keys(services).length} services: ${Object.keys(services).join(', ')}`);
