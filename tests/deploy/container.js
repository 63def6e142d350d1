// What a container is started with, one thing a line, for the script beside: node container.js entrypoint|health|environment|folder|user
// node container.js pod RENDERED SECRETS ROOT writes the files of the pod below ROOT, and prints where it is started, then its environment;
// node container.js compose ENV prints the environment of Compose's gateway.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { image } from './dockerfile.js';
import { readVariables, readYaml } from './repository.js';

const documents = (file) => parseAllDocuments(readFileSync(file, 'utf8')).map((document) => document.toJS());

function write(file, content) {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
}

/** The gateway's pod: its files, where it is started, and its environment. */
function pod(rendered, secrets, root) {
  const resources = documents(rendered);
  const made = documents(secrets);
  const secret = (name, key) => Buffer.from(made.find(({ metadata }) => metadata.name === name).data[key], 'base64');
  const {
    volumes,
    containers: [container],
  } = resources.find(({ kind }) => kind === 'Deployment').spec.template.spec;
  for (const { name, mountPath } of container.volumeMounts) {
    const volume = volumes.find((one) => one.name === name);
    const map = resources.find(({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === volume.configMap?.name);
    Object.entries(map?.data ?? {}).forEach(([file, content]) => write(join(root, mountPath, file), content));
    (volume.secret?.items ?? []).forEach(({ key, path }) => write(join(root, mountPath, path), secret(volume.secret.secretName, key)));
  }

  const environment = container.env.map(
    ({ name, valueFrom: { secretKeyRef } }) => `${name}=${secret(secretKeyRef.name, secretKeyRef.key)}`,
  );
  return [container.workingDir, ...environment];
}

/** The environment of Compose's gateway, with the variables filled in; one without a value is not there unless it is set. */
function compose(file) {
  const variables = readVariables(file);
  return Object.entries(readYaml('deploy/compose/compose.yaml').services.gateway.environment)
    .filter(([, value]) => value !== null)
    .map(([name, value]) => `${name}=${value.replace(/\$\{(\w+):\?\}/g, (_, variable) => variables[variable])}`);
}

const [what, ...rest] = process.argv.slice(2);
const said = { pod, compose }[what]?.(...rest) ?? [image[what]].flat();
said.forEach((line) => console.log(line));
