// Builds the page into dist/: node build.mjs. Builds that go on at once wait for the first of them, and take what it has made.
// Where Node.js is too old, or packages are neither here nor to be had, it says so and ends well: the gateway is built without its page.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';

const lock = 'obj/building';
const stamp = 'dist/.built';
const began = Date.now();

// As Vite says itself, in words that an older one cannot read.
function isOldNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  return major < 20 || major === 21 || (major === 20 && minor < 19) || (major === 22 && minor < 12);
}

const changed = (path) => (existsSync(path) ? statSync(path).mtimeMs : 0);

function isAlive(process_) {
  try {
    return process.kill(process_, 0);
  } catch (failure) {
    return failure.code === 'EPERM';
  }
}

function takeLock() {
  try {
    writeFileSync(lock, String(process.pid), { flag: 'wx' });
    return true;
  } catch (failure) {
    if (failure.code !== 'EEXIST') throw failure;
    const holder = existsSync(lock) ? Number(readFileSync(lock, 'utf8')) : 0;
    if (holder && !isAlive(holder)) rmSync(lock, { force: true });
    return false;
  }
}

function hasPackages() {
  // npm writes its own lock into node_modules last.
  if (changed('node_modules/.package-lock.json') > changed('package-lock.json')) return true;
  const npm = spawnSync('npm ci --prefer-offline --fetch-retries=1', { shell: true, encoding: 'utf8' });
  if (npm.status === 0) return true;
  console.log(`The console is not built: 'npm ci' failed. The gateway works without it.\n${npm.stderr.split('\n', 3).join('\n')}`);
  return false;
}

if (isOldNode()) {
  console.log(`The console is not built: it takes Node.js 20.19 or 22.12, and this is ${process.version}. The gateway works without it.`);
  process.exit();
}

mkdirSync('obj', { recursive: true });
while (!takeLock()) await setTimeout(100);
try {
  if (changed(stamp) < began && hasPackages()) {
    const { build } = await import('vite');
    await build({ logLevel: 'warn' });
    writeFileSync(stamp, '');
  }
} finally {
  rmSync(lock);
}
