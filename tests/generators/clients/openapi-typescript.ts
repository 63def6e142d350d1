import createClient from 'openapi-fetch';
import type { components, paths } from './generated';

type Answer = components['schemas']['MultiOutputResponse'];

const outputs = '/v2/users/{user_id}/apps/{app_id}/models/{model_id}/outputs';
const client = createClient<paths>({ baseUrl: process.argv[2], headers: { Authorization: 'Bearer client-key' } });
const path = { user_id: 'ada', app_id: 'pets', model_id: 'breeds' };
const said = (answer?: Answer) => answer?.outputs?.[0]?.data?.text?.raw;

const text = await client.POST(outputs, { params: { path }, body: { inputs: [{ data: { text: { raw: 'a collie' } } }] } });
const image = await client.POST(outputs, { params: { path }, body: { inputs: [{ data: { image: { url: 'https://img.test/dog.jpg' } } }] } });
const stream = await client.POST(`${outputs}/generate`, {
  params: { path },
  body: { inputs: [{ data: { text: { raw: 'a collie' } } }] },
  headers: { Accept: 'application/x-ndjson' },
  parseAs: 'stream',
});
const lines = (await new Response(stream.data as ReadableStream).text()).trim().split('\n');
const failed = await client.POST(outputs, { params: { path: { ...path, model_id: 'none' } }, body: {} });

console.log(JSON.stringify({
  text: said(text.data),
  image: said(image.data),
  stream: lines.slice(0, -1).map((line) => said(JSON.parse(line) as Answer)),
  error: failed.error?.status?.code,
}));
