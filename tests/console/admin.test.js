import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { inspect, openPage, startBrowser } from './browser.js';
import { startGateway } from './gateway.js';

const operatorKey = 'operator-key-0123456789';

describe('administration', () => {
  let browser;
  let gateway;

  before(async () => {
    [browser, gateway] = await Promise.all([
      startBrowser(),
      startGateway({
        'Gateway:Admin:Url': 'http://127.0.0.1:0',
        'Gateway:Admin:KeySha256': createHash('sha256').update(operatorKey).digest('hex'),
        'Gateway:Telemetry:Prometheus': true,
      }),
    ]);
  });
  after(() => Promise.all([browser?.close(), gateway?.stop()]));

  const open = async (route, options = {}) => {
    const page = await openPage(browser, `${gateway.admin}/#/${route}`, options);
    const dialog = page.getByRole('dialog', { name: 'Your key' });
    await dialog.getByLabel('Key', { exact: true }).fill(operatorKey);
    await dialog.getByRole('button', { name: 'Use' }).click();
    return page;
  };
  const ask = (path, verb = 'GET', body = undefined) =>
    fetch(`${gateway.admin}/admin/v1/${path}`, {
      method: verb,
      headers: { Authorization: `Bearer ${operatorKey}` },
      body: JSON.stringify(body),
    });
  // A gateway knows of a key within two seconds.
  const predict = async (key) => {
    const headers = { Authorization: `Key ${key}` };
    const body = JSON.stringify({ text: 'A good day.' });
    let answer;
    do answer = await fetch(`${gateway.address}/v2/models/text-sentiment/methods/predict`, { method: 'POST', headers, body });
    while (answer.status === 401);
    return answer;
  };

  test('a tenant gets limits, a token and a key that works', async () => {
    const page = await open('tenants', { refused: true }); // settings that are misspelt

    await page.getByLabel('A new tenant', { exact: true }).last().fill('acme');
    await page.getByRole('button', { name: 'Add' }).click();
    await page.getByRole('heading', { name: 'acme' }).waitFor();
    assert.match(page.url(), /#\/tenants:acme$/);

    await page.getByLabel('Limits, budgets').fill('{"Limits": {"RequestsPerSecond": 100}}');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.waitForFunction(() => document.querySelector('#tenant-settings').value.includes('\n'));
    assert.equal((await (await ask('tenants/acme')).json()).settings.Limits.RequestsPerSecond, 100);

    await page.getByLabel('Limits, budgets').fill('{"Limit": {}}');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('alert').filter({ hasText: 'Limits' }).waitFor();

    await page.getByLabel('Token', { exact: true }).fill('sandbox-token');
    await page.getByRole('button', { name: 'Set', exact: true }).click();
    await page.getByRole('region', { name: 'Clarifai tokens' }).getByRole('cell', { name: 'default', exact: true }).waitFor();
    assert.ok(!(await page.content()).includes('sandbox-token'));

    await page.getByRole('button', { name: 'Make a key' }).click();
    const key = await page.locator('.made code').innerText();
    await inspect(page, 'tenant');
    await page.getByRole('button', { name: 'I have it' }).click();
    assert.ok(!(await page.content()).includes(key));
    assert.equal((await predict(key)).status, 200);

    await page.getByRole('button', { name: 'Rotate default' }).click();
    await page.locator('.made code').waitFor();
    const next = await page.locator('.made code').innerText();
    assert.notEqual(next, key);
    assert.equal((await predict(next)).status, 200);
    await page.close();
  });

  test('a key that is revoked works no more', async () => {
    await ask('tenants', 'POST', { name: 'brief' });
    await ask('tenants/brief/pats/default', 'PUT', { token: 't' });
    const { key } = await (await ask('tenants/brief/keys', 'POST')).json();
    assert.equal((await predict(key)).status, 200);
    const page = await open('tenants:brief');

    await page.getByRole('button', { name: 'Revoke default' }).click();
    await page.getByRole('cell', { name: /^revoked/ }).waitFor();

    const headers = { Authorization: `Key ${key}` };
    while ((await fetch(`${gateway.address}/v2/models`, { headers })).status !== 401);
    await page.getByLabel('I mean brief').check();
    await page.getByRole('button', { name: 'Remove the tenant' }).click();
    await page.getByRole('heading', { name: 'Tenants' }).waitFor();
    assert.equal((await ask('tenants/brief')).status, 404);
    await page.close();
  });

  test('usage is a chart by day, key and model', async () => {
    await ask('tenants', 'POST', { name: 'user' });
    await ask('tenants/user/pats/default', 'PUT', { token: 't' });
    const { key } = await (await ask('tenants/user/keys', 'POST', { name: 'laptop' })).json();
    for (let i = 0; i < 3; i++) assert.equal((await predict(key)).status, 200);
    const used = async () => (await (await ask('usage?tenant=user')).json()).usage;
    while ((await used()).reduce((sum, { requests }) => sum + requests, 0) < 3);
    const page = await open('usage');

    await page.getByLabel('Tenant', { exact: true }).selectOption('user');
    await page.getByRole('heading', { name: 'Requests by day: 3' }).waitFor();
    assert.equal(await page.locator('.days rect').count(), 30);
    await inspect(page, 'usage');
    await page.getByLabel('By', { exact: true }).selectOption('model');
    await page.getByRole('cell', { name: /text-sentiment/ }).waitFor();
    await page.getByLabel('By', { exact: true }).selectOption('key');
    await page.getByRole('cell', { name: 'laptop' }).waitFor();
    await inspect(page, 'usage-by-key');
    await page.close();
  });

  test('live requests and the audit log', async () => {
    await ask('tenants', 'POST', { name: 'seen' });
    await ask('tenants/seen/pats/default', 'PUT', { token: 't' });
    const { key } = await (await ask('tenants/seen/keys', 'POST')).json();
    const page = await open('live', { colorScheme: 'dark' });

    await page.getByText(/Usable addresses: 1/).waitFor();
    await predict(key);
    await page
      .locator('.figures li')
      .filter({ hasText: 'Overhead, median' })
      .filter({ hasText: /\d ms$/ })
      .waitFor();
    await inspect(page, 'live-dark');

    await page.getByRole('link', { name: 'Audit log' }).click();
    await page.getByRole('row', { name: /key\.create seen default/ }).waitFor();
    await inspect(page, 'audit-dark');
    await page.close();
  });

  test('it fits on a phone', async () => {
    await ask('tenants', 'POST', { name: 'small' });
    await ask('tenants/small/keys', 'POST');
    const page = await open('tenants', { width: 360, height: 740 });

    await page.getByRole('link', { name: 'small' }).click();
    await page.getByRole('button', { name: 'Rotate default' }).waitFor();
    await inspect(page, 'tenant-phone');
    await page.getByRole('link', { name: 'Usage' }).click();
    await page.getByRole('heading', { name: 'Usage' }).waitFor();
    await inspect(page, 'usage-phone');
    await page.close();
  });
});
