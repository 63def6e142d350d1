import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, afterEach, before, describe, test } from 'node:test';
import { drop, inspect, openPage, startBrowser } from './browser.js';
import { repository, startGateway, startProxy } from './gateway.js';

const boats = readFileSync(join(repository, 'samples/boats.png'));
const lighthouse = join(repository, 'samples/lighthouse.jpg');
const film = Buffer.from('\0\0\0\x18ftypisom');

describe('the playground', () => {
  let browser;
  let gateway;

  before(async () => {
    [browser, gateway] = await Promise.all([startBrowser(), startGateway({ 'Gateway:Telemetry:ServerTiming': true })]);
  });
  after(() => Promise.all([browser?.close(), gateway?.stop()]));

  const open = (route = '', options = {}) => openPage(browser, `${gateway.address}/${route}`, options);
  const predict = (page) => page.getByRole('button', { name: 'Predict', exact: true }).click();
  const done = (page) =>
    page
      .getByRole('status')
      .filter({ hasText: /^Done in/ })
      .waitFor();
  const enterJson = (page, value) => page.locator('textarea').fill(JSON.stringify(value));

  test('a newcomer gets concepts of their own JPEG in two clicks, without a key', async () => {
    const page = await open();

    const chooser = page.waitForEvent('filechooser');
    await page.getByText('Choose an image').click();
    await (await chooser).setFiles(lighthouse);
    await predict(page);

    const concepts = page.getByRole('list', { name: 'Concepts' });
    await concepts.getByText('jpeg', { exact: true }).waitFor();
    await inspect(page, 'concepts');
    await page.close();
  });

  test('regions are drawn on the picture that was dropped', async () => {
    const page = await open('#/play:models/region-detector');

    await drop(page, page.locator('.drop'), 'boats.png', 'image/png', boats);
    await predict(page);
    await done(page);

    const regions = await page.getByRole('list', { name: 'Regions' }).getByRole('listitem').count();
    assert.ok(regions > 1);
    assert.equal(await page.locator('.canvas rect').count(), regions);
    const [canvas, first] = await Promise.all([
      page.locator('.canvas img').boundingBox(),
      page.locator('.canvas rect').first().boundingBox(),
    ]);
    assert.ok(first.x >= canvas.x - 2 && first.x + first.width <= canvas.x + canvas.width + 2);
    await inspect(page, 'regions');
    await page.close();
  });

  test('masks lie on the picture', async () => {
    const page = await open('#/play:models/argument-echo:echo_region');

    await enterJson(page, {
      region_info: { mask: { image: { base64: boats.toString('base64') } } },
      data: { concepts: [{ id: 'sea', value: 0.8 }] },
    });
    await predict(page);
    await done(page);

    await page.getByText('sea').waitFor();
    await page.waitForFunction(() => document.querySelector('canvas.mask')?.width > 300);
    await page.close();
  });

  test('the camera takes a picture', async () => {
    const page = await open();

    await page.getByRole('button', { name: 'Camera' }).click();
    await page.getByRole('button', { name: 'Take the picture' }).click();
    await page.getByAltText('Chosen: camera.png').waitFor();
    await predict(page);

    await page.getByRole('list', { name: 'Concepts' }).getByText('png', { exact: true }).waitFor();
    await inspect(page, 'camera');
    await page.close();
  });

  test('the microphone records, and the answer is played', async () => {
    const page = await open('#/play:models/argument-echo:echo_audio');

    await page.getByRole('button', { name: 'Record' }).click();
    await page.getByRole('button', { name: 'Start recording' }).click();
    await page.getByText('Recording', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Stop and use' }).click();
    await page.getByRole('button', { name: 'Remove recording' }).waitFor();
    await predict(page);
    await done(page);

    await page.waitForFunction(() => document.querySelector('.result audio')?.duration > 0);
    await inspect(page, 'audio');
    await page.close();
  });

  test('a video that was dropped comes back in a player', async () => {
    const page = await open('#/play:models/argument-echo:echo_video');

    await drop(page, page.locator('.drop'), 'film.mp4', 'video/mp4', film);
    await predict(page);
    await done(page);

    assert.match(await page.getByLabel('The video of the answer').getAttribute('src'), /^blob:/);
    await page.close();
  });

  test('pictures that are made are shown', async () => {
    const page = await open('#/play:models/image-painter');

    await page.getByLabel('prompt').fill('a red boat on the blue sea');
    await predict(page);
    await done(page);

    await page.waitForFunction(() => document.querySelector('.result img')?.naturalWidth === 64);
    await page.close();
  });

  test('a URL is sent as it is, and nothing is loaded from there', async () => {
    const page = await open('#/play:models/argument-echo:echo_audio');

    await page.getByRole('button', { name: 'URL' }).click();
    await page.getByLabel('The URL of a sound').fill('https://sounds.invalid/cat.wav');
    await page.getByRole('button', { name: 'Use' }).click();
    await predict(page);
    await done(page);

    await page.getByRole('link', { name: 'https://sounds.invalid/cat.wav' }).waitFor();
    await page.close();
  });

  test('a text streams, with tokens a second and the time to the first', async () => {
    const page = await open('#/play:models/text-generator:generate');

    await page.getByLabel('prompt').fill('The lighthouse');
    await page.getByText('3 more, which may be left out').click();
    await page.getByLabel('max_tokens').fill('12');
    await predict(page);
    await done(page);

    assert.match(await page.locator('.state').innerText(), /^Done in .+ · 12 tokens, [\d.]+ tokens\/s, first after .+s$/);
    assert.match(await page.locator('.said').innerText(), /stands on the/);
    await inspect(page, 'stream');
    await page.close();
  });

  test('a vector is a small plot', async () => {
    const page = await open('#/play:models/text-embedder');

    await page.getByLabel('text').fill('the tide');
    await predict(page);
    await done(page);

    await page.getByRole('img', { name: 'A vector of 256 numbers' }).waitFor();
    await page.getByText('256 numbers, length 1.000').waitFor();
    await inspect(page, 'vector');
    await page.close();
  });

  test('numbers, booleans, lists and JSON are entered by their types', async () => {
    const page = await open('#/play:models/argument-echo:echo_int');
    const answers = async (method, enter, expected) => {
      await page.getByRole('group', { name: 'Methods' }).getByRole('button', { name: method, exact: true }).click();
      await page.getByText(`${method}(value`).waitFor();
      await enter();
      await predict(page);
      await done(page);
      await page.getByRole('tab', { name: 'JSON' }).click();
      assert.deepEqual(JSON.parse(await page.getByLabel('JSON', { exact: true }).last().innerText()), expected);
    };

    await answers('echo_int', () => page.getByRole('spinbutton').fill('42'), 42);
    await answers('echo_float', () => page.getByRole('spinbutton').fill('0.5'), 0.5);
    await answers('echo_bool', () => page.getByRole('checkbox').check(), true);
    await answers('echo_words', () => page.locator('textarea').fill('a\nlist'), ['a', 'list']);
    await answers('echo_json', () => enterJson(page, { any: ['JSON'] }), { any: ['JSON'] });
    await page.close();
  });

  test('what is missing or wrong is said at its field, and nothing is sent', async () => {
    const page = await open('#/play:models/argument-echo:echo_json');
    const calls = [];
    page.on('request', (request) => request.method() === 'POST' && calls.push(request.url()));

    await predict(page);
    await page.getByText('value is missing.').waitFor();
    await page.locator('textarea').fill('{');
    await predict(page);
    await page.getByText('value has to be JSON.').waitFor();

    assert.equal(await page.locator('textarea').getAttribute('aria-invalid'), 'true');
    assert.deepEqual(calls, []);
    await inspect(page, 'wrong');
    await page.close();
  });

  test('what the gateway says of a failure is shown', async () => {
    const page = await open('#/play:models/text-generator:predict', { refused: true });

    await page.getByLabel('prompt').fill('The');
    await page.getByText('3 more, which may be left out').click();
    await page.getByLabel('max_tokens').fill('-1');
    await predict(page);

    await page.getByText('max_tokens').last().waitFor();
    await page
      .getByRole('status')
      .filter({ hasText: /^Failed in/ })
      .waitFor();
    await page.close();
  });

  test('a workflow shows what each of its models answered', async () => {
    const page = await open();

    await page.getByRole('link', { name: 'detect-crop-classify' }).click();
    await drop(page, page.locator('.drop').first(), 'boats.png', 'image/png', boats);
    await predict(page);
    await done(page);

    for (const name of ['Region detector', 'Image cropper', 'Image classifier'])
      await page.getByRole('heading', { name, exact: true }).first().waitFor();
    await inspect(page, 'workflow');
    await page.close();
  });

  test('models are found by words, by id and by their address', async () => {
    const page = await open();
    const search = page.getByRole('searchbox');
    const models = page.getByRole('navigation', { name: 'Models and workflows' }).getByRole('listitem');

    await models.nth(8).waitFor();
    await search.fill('text emb');
    assert.equal(await models.count(), 1);
    await search.press('Enter');
    await page.getByRole('heading', { name: 'Text embedder' }).waitFor();

    await search.fill('https://clarifai.com/someone/else/models/text-sentiment');
    await search.press('Enter');
    await page.getByRole('heading', { name: 'Text sentiment' }).waitFor();
    await page.getByText('someone/else/models/text-sentiment').first().waitFor();
    await page.close();
  });

  test('plain inputs go to models as in REST', async () => {
    const page = await open('#/play:models/text-sentiment:plain%20input');

    await page.getByLabel('text').fill('What a lovely, calm day.');
    await predict(page);

    await page.getByRole('list', { name: 'Concepts' }).getByText('positive').waitFor();
    await page.close();
  });

  test('the request has its story, and the code makes the same call', async () => {
    const page = await open('#/play:models/text-generator:predict');
    await page.getByLabel('prompt').fill('The "lighthouse" isn’t');
    await predict(page);
    await done(page);
    const said = await page.locator('.said').innerText();

    await page.getByRole('tab', { name: 'Request' }).click();
    const story = await page.locator('.story').innerText();
    for (const part of [
      /Status\s+200/,
      /Request id\s+[0-9a-f]{32}/,
      /Gateway overhead\s+[\d.]+ ms/,
      /Retries\s+0/,
      /Sent\s+\d+ B/,
      /Received\s+\d+ B/,
      /Tokens\s+\d+ in the prompt/,
    ]) {
      assert.match(story, part);
    }
    await inspect(page, 'story');

    await page.getByRole('tab', { name: 'Code' }).click();
    for (const [language, part] of [
      ['Python', 'urllib'],
      ['JavaScript', 'fetch('],
      ['C#', 'HttpClient'],
      ['Go', 'package main'],
      ['curl', 'curl -sS'],
    ]) {
      await page.getByRole('button', { name: language, exact: true }).click();
      await page.getByLabel('Code', { exact: true }).last().getByText(part).waitFor();
    }
    await inspect(page, 'code');
    const command = await page.getByLabel('Code', { exact: true }).last().innerText();
    const run = spawnSync('bash', ['-c', command], { env: { ...process.env, GATEWAY_KEY: 'sandbox' }, encoding: 'utf8' });
    assert.equal(JSON.parse(run.stdout), said);
    await page.close();
  });

  test('the keyboard alone is enough', async () => {
    const page = await open('#/play:models/text-sentiment:predict');
    await page.getByLabel('text').focus();
    await page.keyboard.type('A good day.');
    for (
      let i = 0;
      i < 9 &&
      !(await page.getByRole('button', { name: 'Predict', exact: true }).evaluate((button) => button === document.activeElement));
      i++
    ) {
      await page.keyboard.press('Tab');
    }
    await page.keyboard.press('Enter');
    await done(page);

    await page.getByRole('tab', { name: 'Result' }).focus();
    await page.keyboard.press('ArrowRight');
    await page.getByLabel('JSON', { exact: true }).last().waitFor();
    assert.equal(await page.getByRole('tab', { name: 'JSON' }).getAttribute('aria-selected'), 'true');
    await page.close();
  });

  test('behind a prefix, everything is found', async () => {
    const proxy = await startProxy(gateway.address, '/tools/gateway');
    for (const path of ['/', '/console', '/console/']) {
      const page = await openPage(browser, proxy.address + path);
      await page.getByRole('link', { name: 'Text sentiment' }).click();
      await page.getByRole('button', { name: 'predict', exact: true }).click();
      await page.getByLabel('text').fill('A good day.');
      await predict(page);
      await page.getByRole('list', { name: 'Concepts' }).getByText('positive').waitFor();
      await page.close();
    }
    proxy.stop();
  });

  test('without JavaScript, a sentence says so', async () => {
    const page = await open('', { javaScriptEnabled: false });

    const sentence = page.locator('noscript p');
    assert.ok(await sentence.isVisible());
    assert.match(await sentence.innerText(), /^The console needs JavaScript, which is off in this browser\./);
    await page.close();
  });

  test('it fits on a phone, and in the dark', async () => {
    for (const [name, width, colorScheme] of [
      ['phone', 360, 'light'],
      ['phone-dark', 360, 'dark'],
      ['dark', 1280, 'dark'],
    ]) {
      const page = await open('#/play:models/region-detector', { width, height: 740, colorScheme });
      await drop(page, page.locator('.drop'), 'boats.png', 'image/png', boats);
      await predict(page);
      await done(page);
      await inspect(page, `regions-${name}`);
      if (width === 360) {
        await page.getByRole('button', { name: 'Models and workflows' }).click();
        await inspect(page, `models-${name}`);
      }
      await page.close();
    }
  });

  test('all of it is at most 150 kB, from this gateway alone', async () => {
    const page = await openPage(browser, 'about:blank');
    const answers = [];
    page.on('response', (response) => answers.push(response));
    await page.goto(`${gateway.address}/`);
    await page.getByRole('button', { name: 'Predict', exact: true }).waitFor();

    assert.ok(answers.every((answer) => answer.url().startsWith(gateway.address)));
    const sizes = await Promise.all(answers.map((answer) => answer.request().sizes()));
    const bytes = sizes.reduce((sum, { responseBodySize }) => sum + responseBodySize, 0);
    assert.ok(bytes < 150_000, `${bytes} bytes`);
    await page.close();
  });
});

describe('the playground of a gateway with settings', () => {
  let browser;
  let gateway;
  const start = async (settings) => {
    [browser, gateway] = await Promise.all([startBrowser(), startGateway(settings)]);
  };
  afterEach(() => Promise.all([browser?.close(), gateway?.stop()]));

  test('a call that is cancelled is cancelled upstream', async () => {
    const key = 'operator-key-0123456789';
    await start({
      'Gateway:Sandbox:TokenDelay': '00:10:00',
      'Gateway:Tenants:page:Keyless': true,
      'Gateway:Tenants:page:Pat': 'pat',
      'Gateway:Admin:Url': 'http://127.0.0.1:0',
      'Gateway:Admin:KeySha256': hash(key),
      'Gateway:Telemetry:Prometheus': true,
    });
    const openStreams = async () => {
      const answer = await fetch(`${gateway.admin}/metrics`, { headers: { Authorization: `Bearer ${key}` } });
      return Number(/^gateway_streams_open(?:_\w+)?(?:\{[^}]*\})? (\d+)/m.exec(await answer.text())?.[1]);
    };
    const until = async (count) => {
      while ((await openStreams()) !== count);
    };
    const page = await openPage(browser, `${gateway.address}/#/play:models/text-generator:generate`);
    await page.getByLabel('prompt').fill('The lighthouse');
    await page.getByRole('button', { name: 'Predict', exact: true }).click();
    await page.getByText('stands').waitFor();
    await until(1);
    await inspect(page, 'running');

    await page.getByRole('button', { name: 'Cancel' }).click();

    await page
      .getByRole('status')
      .filter({ hasText: /^Cancelled in/ })
      .waitFor();
    await until(0);
    await page.close();
  });

  test('a key is asked for where one is needed, stays in the tab, and is in no address', async () => {
    const key = 'tenant-key-0123456789abcdef';
    await start({ 'Gateway:Tenants:acme:KeySha256': hash(key), 'Gateway:Tenants:acme:Pat': 'pat' });
    const page = await openPage(browser, `${gateway.address}/`, { refused: true });
    const addresses = [];
    page.on('request', (request) => addresses.push(request.url()));
    const dialog = page.getByRole('dialog', { name: 'Your key' });
    const enter = async (text) => {
      await dialog.getByLabel('Key', { exact: true }).fill(text);
      await dialog.getByRole('button', { name: 'Use' }).click();
    };

    await dialog.waitFor();
    await inspect(page, 'key');
    await enter('another');
    await page.getByText('The gateway does not take this key.').waitFor();
    await enter(key);
    await page.getByRole('heading', { name: 'Image classifier' }).waitFor();

    assert.ok(await page.evaluate((text) => Object.values(sessionStorage).includes(text), key));
    assert.equal(await page.evaluate(() => localStorage.length + document.cookie.length), 0);
    assert.ok([page.url(), ...addresses].every((address) => !address.includes(key)));
    await page.close();
  });
});

const hash = (key) => createHash('sha256').update(key).digest('hex');
