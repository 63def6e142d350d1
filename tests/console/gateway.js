import { spawn } from 'node:child_process';
import { createServer, request } from 'node:http';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const repository = fileURLToPath(new URL('../..', import.meta.url));

/** The gateway as it was built, on a port and in a folder of its own; `admin` is the address of its admin API, if the settings have it. */
export async function startGateway(settings = {}) {
  const options = { urls: 'http://127.0.0.1:0', 'Gateway:Grpc:Url': '', ...settings };
  const program = spawn(
    'dotnet',
    [
      join(repository, 'src/Gateway.Api/bin/Debug/net10.0/Gateway.Api.dll'),
      ...Object.entries(options).map(([name, value]) => `--${name}=${value}`),
    ],
    { cwd: mkdtempSync(join(tmpdir(), 'console-')), stdio: ['ignore', 'pipe', 'inherit'] },
  );
  let said = '';
  const addressOf = (what) => new RegExp(`^${what} at (http://[^ ,/]*)`, 'm').exec(said)?.[1];
  await new Promise((resolve, reject) => {
    program.once('exit', (code) => reject(new Error(`The gateway ended with ${code}.\n${said}`)));
    program.stdout.on('data', (piece) => {
      said += piece;
      if (addressOf('Gateway') && (!options['Gateway:Admin:Url'] || addressOf('Admin API'))) resolve();
    });
  });
  return {
    address: addressOf('Gateway'),
    admin: addressOf('Admin API'),
    stop: () =>
      new Promise((resolve) => {
        program.once('exit', resolve);
        program.kill();
      }),
  };
}

/** A proxy that has the gateway below a prefix. */
export async function startProxy(address, prefix) {
  const proxy = createServer((incoming, outgoing) => {
    if (!incoming.url.startsWith(`${prefix}/`)) return outgoing.writeHead(404).end();
    const { method, headers } = incoming;
    const passed = request(new URL(incoming.url.slice(prefix.length), address), { method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode, answer.headers);
      answer.pipe(outgoing);
    });
    incoming.pipe(passed);
  });
  await new Promise((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  return { address: `http://127.0.0.1:${proxy.address().port}${prefix}`, stop: () => proxy.close() };
}
