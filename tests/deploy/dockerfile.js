import { read } from './repository.js';

// What the Dockerfile says of the image that it ends with. A line that ends with a backslash goes on; comments in between do not count.
const lines = read('Dockerfile')
  .split('\n')
  .filter((line) => !/^\s*#/.test(line))
  .join('\n')
  .replaceAll('\\\n', ' ')
  .split('\n');
const last = lines.slice(lines.findLastIndex((line) => line.startsWith('FROM ')));
const all = (instruction) =>
  last.filter((line) => line.startsWith(`${instruction} `)).map((line) => line.slice(instruction.length + 1).trim());
const [entrypoint] = all('ENTRYPOINT');
const [health] = all('HEALTHCHECK');

/** How a container of the image is started and looked after. */
export const image = {
  folder: all('WORKDIR')[0],
  user: all('USER')[0],
  environment: all('ENV').flatMap((line) => line.split(/\s+/)),
  ports: all('EXPOSE').flatMap((line) => line.split(/\s+/)),
  entrypoint: JSON.parse(entrypoint),
  health: JSON.parse(health.slice(health.indexOf('CMD ') + 4)),
  labels: Object.fromEntries(
    all('LABEL').flatMap((line) => [...line.matchAll(/([\w.]+)="?([^"\s]+)"?/g)].map(([, name, value]) => [name, value])),
  ),
};
