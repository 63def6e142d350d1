import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { after, before, describe, test } from 'node:test';

const folder = new URL('../../src/Gateway.Console/', import.meta.url);

// The page's own modules, as its build tool reads them.
describe('what the page knows', () => {
  let vite;
  const load = (path) => vite.ssrLoadModule(`/src/${path}`);

  before(async () => {
    const { createServer } = await import(new URL('node_modules/vite/dist/node/index.js', folder));
    vite = await createServer({
      root: fileURLToPath(folder),
      server: { middlewareMode: true, ws: false },
      appType: 'custom',
      logLevel: 'warn',
    });
  });
  after(() => vite.close());

  test('addresses are read as people write them', async () => {
    const { parseAddress, pathOf, writeAddress } = await load('gateway/address.ts');
    for (const [text, path] of [
      ['text-generator', 'v2/models/text-generator'],
      ['models/m', 'v2/models/m'],
      ['workflows/w', 'v2/workflows/w'],
      ['u/a/models/m', 'v2/users/u/apps/a/models/m'],
      ['u/a/models/m/versions/1', 'v2/users/u/apps/a/models/m/versions/1'],
      [' https://clarifai.com/u/a/workflows/w?tab=x ', 'v2/users/u/apps/a/workflows/w'],
      ['u/a/models/with%20space', 'v2/users/u/apps/a/models/with%20space'],
    ]) {
      const address = parseAddress(text);
      assert.equal(pathOf(address), path, text);
      assert.deepEqual(parseAddress(writeAddress(address)), address);
    }
    for (const text of ['', 'u/a', 'u/models/m', 'https://example.com/u/a/models/m', 'u/a/inputs/i'])
      assert.equal(parseAddress(text), null, text);
  });

  test('an error says each thing once', async () => {
    const { messageOf } = await load('gateway/message.ts');
    const no = { pointer: '#/a', detail: 'a is no setting' };
    assert.equal(messageOf({ detail: no.detail, errors: [no] }), 'a is no setting');
    assert.equal(messageOf({ detail: no.detail, errors: [no, { pointer: '#/b', detail: 'b is none' }] }), 'a is no setting #/b b is none');
    assert.equal(messageOf({ status: { description: 'Failure', details: 'why' } }), 'Failure: why');
    assert.equal(messageOf({ error: { message: 'no' } }), 'no');
    assert.equal(messageOf(null), null);
  });

  test('signatures tell types, whatever their defaults have in them', async () => {
    const { parseSignature } = await load('gateway/signature.ts');
    const { arguments: types, result } = parseSignature(
      'f(a: str = "x, y) -> \\"z\\"", b: Literal["s, (", "m"] = "s", c: {name: str, age: int}, d: Iterator[Image], e: float[0..2] = 0.7) ' +
        '-> list[tuple[str, int]]',
    );
    assert.deepEqual(Object.fromEntries(types), {
      a: 'str',
      b: 'Literal["s, (", "m"]',
      c: '{name: str, age: int}',
      d: 'Iterator[Image]',
      e: 'float[0..2]',
    });
    assert.equal(result, 'list[tuple[str, int]]');
    assert.equal(parseSignature('g() -> None').arguments.size, 0);
  });

  test('choices are values, not their texts; what is left out is not sent', async () => {
    const { argumentsOf, fieldsOf } = await load('fields/field.ts');
    const fields = fieldsOf({
      name: 'f',
      kind: 'UNARY_UNARY',
      signature: 'f(size: Literal[1, 2], image: Image, images: list[Image], raw: bytes, top: int = 3) -> str',
      arguments: {
        properties: {
          size: { enum: [1, 2] },
          image: {},
          images: { type: 'array' },
          raw: { type: 'string' },
          top: { type: 'integer', default: 3 },
        },
        required: ['size', 'image', 'images', 'raw'],
      },
    });
    const picture = { name: 'p', type: 'image/png', base64: 'AA==' };
    const there = { name: 'u', type: '', url: 'https://there' };
    assert.deepEqual(argumentsOf(fields, { size: '1', image: [picture], images: [picture, there], raw: [picture] }), {
      size: 2,
      image: { base64: 'AA==' },
      images: [{ base64: 'AA==' }, { url: 'https://there' }],
      raw: 'AA==',
    });
    assert.throws(() => argumentsOf(fields, { size: '0', image: [], images: [], raw: [] }), {
      field: 'image',
      message: 'image is missing.',
    });
    assert.throws(() => argumentsOf(fields.slice(4), { top: '1.5' }), { message: 'top has to be a whole number.' });
  });

  test('results are shown as what they are', async () => {
    const { viewsOf, viewsOfOutputs, mimeOf } = await load('results/views.ts');
    const kinds = (value, type) => viewsOf(value, type).map(({ kind }) => kind);
    assert.deepEqual(kinds('text'), ['text']);
    assert.deepEqual(kinds([{ id: 'a', value: 0.5 }]), ['concepts']);
    assert.deepEqual(kinds({ id: '1', value: 0.5, region_info: {} }), ['regions']);
    assert.deepEqual(kinds({ frame_info: { time: 40 }, data: { concepts: [{ id: 'a', value: 1 }] } }), ['frames']);
    assert.deepEqual(kinds({ base64: 'iVBORw0KGgo=' }), ['image']);
    assert.deepEqual(kinds([{ base64: 'AAAA' }, { url: 'https://there' }], 'list[Audio]'), ['audio', 'audio']);
    assert.deepEqual(kinds({ dtype: 'float32', shape: [2], data: [1, 2] }), ['vector']);
    assert.deepEqual(kinds({ dtype: 'float32', shape: [1, 2], data: [[1, 2]] }), ['json']);
    assert.deepEqual(kinds(0), ['json']);
    assert.deepEqual(kinds(null), ['json']);
    assert.deepEqual(
      viewsOfOutputs({
        outputs: [
          { status: { code: 10000 }, data: { text: { raw: 'a' } } },
          { status: { code: 10020, description: 'Failure', details: 'why' } },
        ],
      }),
      [
        { kind: 'text', text: 'a' },
        { kind: 'error', text: 'Failure: why' },
      ],
    );
    assert.equal(mimeOf(Buffer.from('RIFF\x24\0\0\0WEBPVP8 ').toString('base64')), 'image/webp');
    assert.equal(mimeOf(Buffer.from('RIFF\x24\0\0\0WAVEfmt ').toString('base64')), 'audio/wav');
    assert.equal(mimeOf(Buffer.from('\0\0\0\x20ftypisom').toString('base64')), 'video/mp4');
  });

  test('nothing that is entered ends a literal of the code', async () => {
    const { literal, languages, snippet } = await load('snippets/snippets.ts');
    const value = { text: `'"\`\\" $(x) & <b> \n \u2028 ü` };
    const written = literal(value);
    assert.match(written, /^[ -~]*$/);
    assert.doesNotMatch(written, /['`<>&]|""|\\"/);
    assert.deepEqual(JSON.parse(written), value);
    for (const { id } of languages)
      for (const answer of ['unary', 'stream']) assert.match(snippet(id, answer, 'http://g/$&', value), /http:\/\/g\/\$&/);
  });

  test('settings that are changed are a merge patch', async () => {
    const { patchOf } = await load('admin/patch.ts');
    assert.deepEqual(patchOf({ a: 1, b: { c: 1, d: 2 }, e: [1], f: 0 }, { b: { c: 1, d: 3 }, e: [1], f: 0, g: {} }), {
      a: null,
      b: { d: 3 },
      g: {},
    });
    assert.deepEqual(patchOf({ b: { c: 1 } }, { b: { c: 1 } }), {});
  });

  test('metrics are read, and quantiles are of what came since', async () => {
    const { parseMetrics, quantile, sum } = await load('admin/metrics.ts');
    const of = (counts) =>
      parseMetrics(
        ['# TYPE h histogram', ...counts.map(([le, count]) => `h_bucket{le="${le}",route="/a\\"b"} ${count}`)].join('\n'),
      );
    const before = of([
      ['0.1', 5],
      ['0.2', 5],
      ['+Inf', 5],
    ]);
    const now = of([
      ['0.1', 5],
      ['0.2', 15],
      ['+Inf', 15],
    ]);
    assert.equal(quantile(before, now, 'h', 0.5).toFixed(3), '0.150');
    assert.ok(Number.isNaN(quantile(now, now, 'h', 0.5)));
    assert.equal(
      sum(now, 'h_bucket', ({ le, route }) => le === '0.2' && route === '/a\\"b'),
      15,
    );
    assert.equal(
      quantile(
        before,
        of([
          ['0.1', 5],
          ['0.2', 5],
          ['+Inf', 6],
        ]),
        'h',
        0.99,
      ),
      0.2,
    );
  });
});
