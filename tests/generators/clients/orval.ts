import { generateUserAppModelOutputs, postUserAppModelOutputs } from './generated';
import type { MultiOutputResponse } from './generated';

const options = { headers: { Authorization: 'Key client-key' } };
const said = (answer?: MultiOutputResponse) => answer?.outputs?.[0]?.data?.text?.raw;

const text = await postUserAppModelOutputs('ada', 'pets', 'breeds', { inputs: [{ data: { text: { raw: 'a collie' } } }] }, options);
const image = await postUserAppModelOutputs('ada', 'pets', 'breeds', { inputs: [{ data: { image: { url: 'https://img.test/dog.jpg' } } }] }, options);
// Its clients read answers whole: of a stream, a list.
const list = await generateUserAppModelOutputs('ada', 'pets', 'breeds', { inputs: [{ data: { text: { raw: 'a collie' } } }] }, {
  headers: { ...options.headers, Accept: 'application/json' },
});
const failed = await postUserAppModelOutputs('ada', 'pets', 'none', {}, options);

console.log(JSON.stringify({
  text: text.status === 200 ? said(text.data) : null,
  image: image.status === 200 ? said(image.data) : null,
  stream: list.status === 200 ? (list.data as MultiOutputResponse[]).slice(0, -1).map(said) : null,
  error: failed.status === 200 ? null : failed.data.status?.code,
}));
