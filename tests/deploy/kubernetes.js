// Holds what kustomize makes of deploy/kubernetes against Kubernetes' own schemas, and its parts against each other and the image:
// kubectl kustomize FOLDER | node kubernetes.js
import { readFileSync } from 'node:fs';
import { parseAllDocuments } from 'yaml';
import { adapterRules } from './expressions.js';
import { image } from './dockerfile.js';
import { blocks, Faults, version } from './repository.js';

const GROUPS_OF_OTHERS = { 'monitoring.coreos.com': '@kubernetes-models/prometheus-operator' };
const faults = new Faults();
const resources = parseAllDocuments(readFileSync(0, 'utf8')).map((document) => document.toJS());
const kinds = (kind) => resources.filter((resource) => resource.kind === kind);
const nameOf = ({ kind, metadata }) => `${kind} ${metadata.name}`;

// ---- Schemas

async function validator({ apiVersion, kind }) {
  const models = GROUPS_OF_OTHERS[apiVersion.split('/')[0]] ?? 'kubernetes-models';
  const Model = (await import(`${models}/${apiVersion}/${kind}`))[kind];
  return (resource) => {
    try {
      new Model(resource).validate();
      return null;
    } catch (error) {
      return error.message;
    }
  };
}

// Kubernetes' schemas pass over what they do not know. They do know a member that may not be whatever it likes: here, a function.
const NO_JSON = () => {};

function unknownMembers(resource, validate) {
  const unknown = [];
  const visit = (value, where) => {
    if (value === null || typeof value !== 'object') return;
    for (const member of Object.keys(value)) {
      const own = value[member];
      value[member] = NO_JSON;
      const known = validate(resource) !== null;
      value[member] = own;
      if (known) visit(own, [...where, member]);
      else unknown.push([...where, member].join('.'));
    }
  };
  visit(resource, []);
  return unknown;
}

for (const resource of resources) {
  const validate = await validator(resource);
  const fault = validate(resource);
  faults.unless(fault === null, `${nameOf(resource)}: ${fault}`);
  if (fault === null)
    unknownMembers(resource, validate).forEach((member) => faults.add(`${nameOf(resource)}: nothing is called ${member}`));
}

// ---- What belongs together

const has = (labels, wanted) => Object.entries(wanted).every(([label, value]) => labels?.[label] === value);
const [deployment] = kinds('Deployment');
const pod = deployment.spec.template;
const [container] = pod.spec.containers;
const settings = JSON.parse(kinds('ConfigMap')[0].data['appsettings.json']).Gateway;
const portNamed = (port) => container.ports.find(({ name, containerPort }) => name === port || containerPort === port);

function selectsPods(selector, who) {
  faults.unless(has(pod.metadata.labels, selector), `${who} selects other pods than those of ${nameOf(deployment)}`);
}

selectsPods(deployment.spec.selector.matchLabels, nameOf(deployment));
pod.spec.topologySpreadConstraints.forEach(({ labelSelector }) => selectsPods(labelSelector.matchLabels, 'a topology spread constraint'));
kinds('PodDisruptionBudget').forEach((budget) => selectsPods(budget.spec.selector.matchLabels, nameOf(budget)));
kinds('NetworkPolicy').forEach((policy) => selectsPods(policy.spec.podSelector.matchLabels, nameOf(policy)));
for (const service of kinds('Service')) {
  selectsPods(service.spec.selector, nameOf(service));
  service.spec.ports.forEach(({ targetPort }) =>
    faults.unless(portNamed(targetPort), `${nameOf(service)}: no container has the port ${targetPort}`),
  );
}

for (const { metadata, spec } of kinds('ServiceMonitor')) {
  const watched = kinds('Service')
    .filter((service) => has(service.metadata.labels, spec.selector.matchLabels))
    .flatMap((service) => service.spec.ports);
  spec.endpoints.forEach(({ port }) =>
    faults.unless(
      watched.some(({ name }) => name === port),
      `ServiceMonitor ${metadata.name}: no service has the port ${port}`,
    ),
  );
}

for (const { spec } of kinds('HorizontalPodAutoscaler')) {
  const { scaleTargetRef: target, metrics } = spec;
  faults.unless(
    target.kind === deployment.kind && target.name === deployment.metadata.name,
    `the autoscaler scales ${target.kind} ${target.name}`,
  );
  const served = adapterRules().map(({ name }) => name.as);
  metrics
    .filter(({ pods }) => pods)
    .forEach(({ pods }) => faults.unless(served.includes(pods.metric.name), `no adapter serves ${pods.metric.name}`));
}

// ---- The pod, and the image

const listens = [...image.ports.map(Number), Number(new URL(settings.Admin.Url.replace('*', 'any')).port)];
faults.unless(
  String(container.ports.map(({ containerPort }) => containerPort)) === String(listens),
  `the container's ports are not where the gateway listens: ${listens}`,
);
faults.unless(container.image === `clarifai-gateway:${version}`, `the image is ${container.image}, and the version ${version}`);
for (const probe of ['startupProbe', 'livenessProbe', 'readinessProbe']) {
  faults.unless(portNamed(container[probe]?.httpGet?.port), `${probe}: the container has no such port`);
}

const seconds = (time) => time.split(':').reduce((sum, part) => sum * 60 + Number(part), 0);
const stopping = seconds(settings.Shutdown.Delay) + seconds(settings.Shutdown.Timeout) + 4;
faults.unless(pod.spec.terminationGracePeriodSeconds === stopping, `stopping takes up to ${stopping} s`);

const { securityContext: own } = container;
const { securityContext: shared } = pod.spec;
faults.unless(
  shared.runAsNonRoot &&
    shared.seccompProfile?.type === 'RuntimeDefault' &&
    own.readOnlyRootFilesystem &&
    own.allowPrivilegeEscalation === false &&
    String(own.capabilities?.drop) === 'ALL' &&
    container.resources.limits.memory,
  'the pod has rights that it does not need, or no limit of memory',
);

// ---- Who may reach what

const [policy] = kinds('NetworkPolicy');
const { ingress, egress } = policy.spec;
const portsOf = (rules) => rules.flatMap(({ ports }) => ports.map(({ port }) => port));
for (const port of portsOf(ingress)) faults.unless(portNamed(port), `NetworkPolicy: no container has the port ${port}`);
for (const { name } of container.ports) faults.unless(portsOf(ingress).includes(name), `NetworkPolicy lets nobody in at ${name}`);
const open = ingress.filter(({ from }) => from === undefined);
faults.unless(!portsOf(open).includes('admin'), 'NetworkPolicy lets everybody in at admin');
const store = Object.fromEntries(settings.Store.ConnectionString.split(';').map((part) => part.split('=')));
const upstream = new URL(settings.Upstream.Address);
for (const port of [53, Number(store.Port ?? 5432), Number(upstream.port || 443)]) {
  faults.unless(portsOf(egress).includes(port), `NetworkPolicy lets nothing out to ${port}`);
}

// ---- Files and secrets

const volume = (name) => pod.spec.volumes.find((one) => one.name === name);
const mounted = container.volumeMounts.flatMap(({ name, mountPath }) => {
  const { secret, configMap } = volume(name) ?? {};
  faults.unless(volume(name), `the volume ${name} is mounted, and there is none`);
  if (configMap) {
    const map = kinds('ConfigMap').find(({ metadata }) => metadata.name === configMap.name);
    faults.unless(map, `there is no ConfigMap ${configMap.name}`);
    return Object.keys(map?.data ?? {}).map((file) => `${mountPath}/${file}`);
  }
  return (secret?.items ?? []).map((item) => `${mountPath}/${item.path}`);
});
for (const file of [store.Passfile, settings.Store.MasterKeyFile, `${container.workingDir}/appsettings.json`]) {
  faults.unless(mounted.includes(file), `${file} is not mounted`);
}

// Secrets are the operator's to make: as docs/deploying.md says, which names each of them.
const made = blocks('docs/deploying.md', 'Kubernetes')
  .join('\n')
  .split('kubectl create secret generic ')
  .slice(1)
  .flatMap((command) => [...command.matchAll(/--from-(?:literal|file)=([\w.-]+)=/g)].map(([, key]) => `${command.split(/\s/)[0]}/${key}`));
const keyOf = ({ name, key }) => `${name}/${key}`;
const used = [
  ...pod.spec.volumes.flatMap(({ secret }) => (secret?.items ?? []).map(({ key }) => `${secret.secretName}/${key}`)),
  ...container.env.map(({ valueFrom }) => keyOf(valueFrom.secretKeyRef)),
  ...kinds('ServiceMonitor').flatMap(({ spec }) => spec.endpoints.map(({ authorization }) => keyOf(authorization.credentials))),
];
for (const secret of used) faults.unless(made.includes(secret), `docs/deploying.md does not say how the secret ${secret} is made`);

faults.end(`${resources.length} resources: ${resources.map(({ kind }) => kind).join(', ')}`);
