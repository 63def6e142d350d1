import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { inspect, openPage, startBrowser } from './browser.js';
import { repository, startGateway } from './gateway.js';

describe('chat and tools', () => {
  let browser;
  let gateway;

  before(async () => {
    [browser, gateway] = await Promise.all([startBrowser(), startGateway()]);
  });
  after(() => Promise.all([browser?.close(), gateway?.stop()]));

  const open = (page, options = {}) => openPage(browser, `${gateway.address}/#/${page}`, options);

  test('a chat answers token by token, and knows what was said before', async () => {
    const page = await open('chat');
    const messages = page.getByRole('log', { name: 'Messages' });
    const bodies = [];
    page.on('request', (request) => request.method() === 'POST' && bodies.push(request.postDataJSON()));

    await page.getByLabel('Tokens at most').fill('8');
    await page.waitForFunction(() => document.querySelector('#chat-model').value.endsWith('text-generator'));
    for (const [count, text] of [
      [2, 'The lighthouse'],
      [4, 'The tide'],
    ]) {
      await page.getByLabel('Your message').fill(text);
      await page.getByRole('button', { name: 'Send' }).click();
      await page
        .getByRole('status')
        .filter({ hasText: /^Done in .+ tokens.+ first after/ })
        .waitFor();
      assert.equal(await messages.locator('.message').count(), count);
      await page.waitForFunction(() => document.querySelector('.log').getAttribute('aria-busy') !== 'true');
    }

    assert.equal(bodies[1].messages.length, 3);
    assert.ok(bodies.every((body) => body.stream));
    await inspect(page, 'chat');

    await page.getByText("Code for OpenAI's clients").click();
    const code = page.getByLabel('Code', { exact: true });
    for (const [language, part] of [
      ['Python', 'from openai import'],
      ['C#', 'OpenAI.Chat'],
      ['Go', 'openai-go'],
      ['JavaScript', "from 'openai'"],
      ['curl', 'chat/completions'],
    ]) {
      await page.getByRole('button', { name: language, exact: true }).click();
      await code.getByText(part).first().waitFor();
      // OpenAI's client for JavaScript is one of the foreign ones.
      if (language !== 'JavaScript') continue;
      const run = spawnSync('node', ['--input-type=module', '--eval', await code.innerText()], {
        cwd: join(repository, 'tests/foreign'),
        env: { ...process.env, GATEWAY_KEY: 'sandbox' },
        encoding: 'utf8',
      });
      assert.match(run.stdout, /^comes in/, run.stderr);
    }
    await inspect(page, 'chat-code');
    await page.close();
  });

  test('a chat can be stopped, and what came stays', async () => {
    const page = await open('chat', { width: 360, height: 740, colorScheme: 'dark' });

    await page.waitForFunction(() => document.querySelector('#chat-model').value.endsWith('text-generator'));
    await page.getByLabel('Tokens at most').fill('4000');
    await page.getByLabel('Your message').fill('The lighthouse');
    await page.getByLabel('Your message').press('Enter');
    await page.locator('.message').last().getByText('stands').waitFor();
    await page.getByRole('button', { name: 'Stop' }).click();

    await page
      .getByRole('status')
      .filter({ hasText: /^Cancelled in/ })
      .waitFor();
    assert.match(await page.locator('.message').last().innerText(), /stands/);
    await inspect(page, 'chat-phone-dark');
    await page.close();
  });

  test('what a chat model refuses is said', async () => {
    const page = await open('chat', { refused: true });

    await page.getByLabel('Model', { exact: true }).fill('nothing-of-this-name');
    await page.getByLabel('Your message').fill('Hello');
    await page.getByRole('button', { name: 'Send' }).click();

    await page.getByRole('alert').filter({ hasText: 'nothing-of-this-name' }).waitFor();
    assert.equal(await page.locator('.message').count(), 1);
    await page.close();
  });

  test('tools of a model that speaks MCP are listed and called', async () => {
    const page = await open('tools');

    await page.waitForFunction(() => document.querySelector('#tools-model').value === 'models/tool-server');
    await page.getByRole('button', { name: 'List tools' }).click();
    await page.getByRole('group', { name: 'Tools' }).getByRole('button', { name: 'add', exact: true }).click();
    await page.getByRole('spinbutton', { name: 'a', exact: true }).fill('2');
    await page.getByRole('spinbutton', { name: 'b', exact: true }).fill('3.5');
    await page.getByRole('button', { name: 'Call', exact: true }).click();

    await page.getByRole('status').filter({ hasText: 'Done' }).waitFor();
    await page.locator('.outcome').getByText('5.5').first().waitFor();
    await inspect(page, 'tools');
    await page.close();
  });

  test('methods of any other model are tools', async () => {
    const page = await open('tools', { width: 360, height: 740 });

    await page.waitForFunction(() => document.querySelector('#tools-model').value !== '');
    await page.getByLabel('Model, as an MCP server').fill('text-generator');
    await page.getByRole('button', { name: 'List tools' }).click();
    await page.getByLabel('prompt').fill('The lighthouse');
    await page.getByRole('button', { name: 'Call', exact: true }).click();

    await page.locator('.said').first().waitFor();
    await inspect(page, 'tools-phone');
    await page.close();
  });
});
