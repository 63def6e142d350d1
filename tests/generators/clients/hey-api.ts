import { client } from './generated/client.gen';
import { generateUserAppModelOutputs, postUserAppModelOutputs } from './generated';
import type { MultiOutputResponse } from './generated';

// A key as it is: the generator puts it into the header of the document's first scheme.
client.setConfig({ baseUrl: process.argv[2], auth: 'client-key' });
const path = { user_id: 'ada', app_id: 'pets', model_id: 'breeds' };
const said = (answer?: MultiOutputResponse) => answer?.outputs?.[0]?.data?.text?.raw;

const text = await postUserAppModelOutputs({ path, body: { inputs: [{ data: { text: { raw: 'a collie' } } }] } });
const image = await postUserAppModelOutputs({ path, body: { inputs: [{ data: { image: { url: 'https://img.test/dog.jpg' } } }] } });
const stream = await generateUserAppModelOutputs({
  path,
  body: { inputs: [{ data: { text: { raw: 'a collie' } } }] },
  headers: { Accept: 'application/x-ndjson' },
  parseAs: 'stream',
});
const lines = (await new Response(stream.data as unknown as ReadableStream).text()).trim().split('\n');
const failed = await postUserAppModelOutputs({ path: { ...path, model_id: 'none' }, body: {} });

console.log(JSON.stringify({
  text: said(text.data),
  image: said(image.data),
  stream: lines.slice(0, -1).map((line) => said(JSON.parse(line) as MultiOutputResponse)),
  error: failed.error?.status?.code,
}));
