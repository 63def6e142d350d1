// generate.js <generator> <address of the document> <address of the gateway>: generates a client, compiles it with what calls it, and runs that.
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import orval from 'orval';

const [, , generator, document, gateway] = process.argv;
const bin = (name) => join('node_modules', '.bin', name);

// The generators run on the Node.js that runs this. Telemetry and advice are for people.
const environment = { ...process.env, PATH: dirname(process.execPath) + delimiter + process.env.PATH, CI: 'true', NO_COLOR: '1', DO_NOT_TRACK: '1', SCARF_ANALYTICS: 'false' };

function run(program, ...args) {
  try {
    return execFileSync(program, args, { env: environment, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  } catch (failure) {
    throw new Error(`${program} ${args.join(' ')}\n${failure.stdout}\n${failure.stderr}`);
  }
}

const generators = {
  'openapi-typescript': (folder) => run(bin('openapi-typescript'), document, '-o', join(folder, 'generated.d.ts')),
  'hey-api': (folder) => run(bin('openapi-ts'), '-i', document, '-o', join(folder, 'generated'), '-c', '@hey-api/client-fetch'),
  orval: (folder) => orval.generate({ input: { target: document }, output: { target: join(folder, 'generated.ts'), client: 'fetch', baseUrl: gateway } }),
  'swagger-typescript-api': (folder) => run(bin('swagger-typescript-api'), 'generate', '-p', document, '-o', folder, '-n', 'generated.ts'),
};

mkdirSync('bin', { recursive: true });
const folder = mkdtempSync(join('bin', `${generator}-`));
try {
  await generators[generator](folder);
  const client = join(folder, 'client.ts');
  copyFileSync(join('clients', `${generator}.ts`), client);
  run(bin('tsc'), '--noEmit', '--strict', '--skipLibCheck', '--target', 'es2022', '--module', 'esnext', '--moduleResolution', 'bundler', '--types', 'node', client);
  const bundle = join(folder, 'client.mjs');
  run(bin('esbuild'), client, '--bundle', '--platform=node', '--format=esm', `--outfile=${bundle}`);
  process.stdout.write(run(process.execPath, bundle, gateway));
} finally {
  rmSync(folder, { recursive: true });
}
