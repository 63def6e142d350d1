// Holds a bill of materials against CycloneDX' own schema, and against what is handed out: node sbom.js BOM FOLDER
import Ajv from 'ajv';
import addFormats from 'ajv-formats';
import addMoreFormats from 'ajv-formats-draft2019';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { image } from './dockerfile.js';
import { Faults, version } from './repository.js';

const [bomFile, folder] = process.argv.slice(2);
const json = (file) => JSON.parse(readFileSync(file, 'utf8'));
const faults = new Faults();
const bom = json(bomFile);

const ajv = addMoreFormats(addFormats(new Ajv({ strict: false, allErrors: true })));
const schemas = new URL('node_modules/@cyclonedx/cyclonedx-library/res/schema/', import.meta.url);
// They name each other by the names of their files, which their own are not.
for (const name of ['spdx', 'jsf-0.82', 'cryptography-defs'].map((one) => `${one}.SNAPSHOT.schema.json`)) {
  const { $id, ...schema } = json(new URL(name, schemas));
  ajv.addSchema(schema, new URL(name, $id).href);
}
if (!ajv.validate(json(new URL(`bom-${bom.specVersion}.SNAPSHOT.schema.json`, schemas)), bom)) faults.add(ajv.errorsText());

// What the runtime loads is what deps.json says, which the publishing writes.
const { libraries } = json(join(folder, 'Gateway.Api.deps.json'));
const packages = Object.entries(libraries)
  .filter(([, { type }]) => type === 'package')
  .map(([name]) => name);
const named = bom.components.map(({ name, version: one }) => `${name}/${one}`);
packages.filter((one) => !named.includes(one)).forEach((one) => faults.add(`${one} is handed out, and not in the bill of materials`));
named.filter((one) => !packages.includes(one)).forEach((one) => faults.add(`${one} is in the bill of materials, and not handed out`));
bom.components
  .filter(({ licenses, hashes }) => !licenses?.length || !hashes?.length)
  .forEach(({ name }) => faults.add(`${name} has no licence or no hash`));

const { component } = bom.metadata;
faults.unless(
  component.name === 'clarifai-gateway' && component.version === version,
  `the bill is of ${component.name} ${component.version}`,
);
const labelled = image.labels['org.opencontainers.image.version'];
faults.unless(labelled === version, `the image's label is ${labelled}, and the version ${version}`);

faults.end(`${packages.length} packages of ${component.name} ${component.version}`);
