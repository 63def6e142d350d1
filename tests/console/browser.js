import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { launch } from '../foreign/chromium.js';

const axe = readFileSync(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8');
const pictures = fileURLToPath(new URL('artifacts', import.meta.url));
mkdirSync(pictures, { recursive: true });

/** Chromium, whose camera and microphone are its own test pictures and sounds. */
export const startBrowser = () => launch('--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream');

/** A page that tells what the browser complains of; `refused` says that an answer that is no success is part of the test. */
export async function openPage(
  browser,
  address,
  { width = 1280, height = 900, colorScheme = 'light', refused = false, ...options } = {},
) {
  const context = await browser.newContext({ viewport: { width, height }, colorScheme, ...options });
  const page = await context.newPage();
  const complaints = [];
  page.on('pageerror', (failure) => complaints.push(String(failure)));
  page.on('console', (message) => {
    if (!['error', 'warning'].includes(message.type())) return;
    if (refused && message.text().startsWith('Failed to load resource')) return;
    complaints.push(message.text());
  });
  await page.goto(address);
  return Object.assign(page, {
    async close() {
      await context.close();
      assert.deepEqual(complaints, []);
    },
  });
}

/** Looks at the page with axe, which may find nothing, and keeps a picture of it. */
export async function inspect(page, name) {
  await page.screenshot({ path: join(pictures, `${name}.png`), fullPage: true });
  assert.deepEqual(await runAxe(page), [], name);
  const [scrollWidth, clientWidth] = await page.evaluate(() => [
    document.documentElement.scrollWidth,
    document.documentElement.clientWidth,
  ]);
  assert.ok(scrollWidth <= clientWidth, `${name} is ${scrollWidth} wide in ${clientWidth}`);
}

// By the debugger, which the page's policy does not bind.
async function runAxe(page) {
  const session = await page.context().newCDPSession(page);
  await session.send('Runtime.evaluate', { expression: axe });
  const { result } = await session.send('Runtime.evaluate', {
    expression: `axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) =>
      violations.map(({ id, nodes }) => id + ': ' + nodes.map((node) => node.html + ' ' + node.failureSummary).join(' | ')))`,
    awaitPromise: true,
    returnByValue: true,
  });
  await session.detach();
  return result.value;
}

/** Drops a file on a part of the page. */
export async function drop(page, target, name, type, content) {
  const files = await page.evaluateHandle(
    ([fileName, mime, base64]) => {
      const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
      const transfer = new DataTransfer();
      transfer.items.add(new File([bytes], fileName, { type: mime }));
      return transfer;
    },
    [name, type, content.toString('base64')],
  );
  await target.dispatchEvent('dragover', { dataTransfer: files });
  await target.dispatchEvent('drop', { dataTransfer: files });
}
