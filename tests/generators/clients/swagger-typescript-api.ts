import { Api } from './generated';
import type { HttpResponse, MultiOutputResponse, BaseResponse } from './generated';

const api = new Api({ baseUrl: process.argv[2], baseApiParams: { headers: { Authorization: 'client-key' } } });
const said = (answer: MultiOutputResponse) => answer.outputs?.[0]?.data?.text?.raw;

const text = await api.v2.postUserAppModelOutputs('ada', 'pets', 'breeds', { inputs: [{ data: { text: { raw: 'a collie' } } }] });
const image = await api.v2.postUserAppModelOutputs('ada', 'pets', 'breeds', { inputs: [{ data: { image: { url: 'https://img.test/dog.jpg' } } }] });
// Its clients read answers whole: of a stream, a list.
const list = await api.v2.generateUserAppModelOutputs('ada', 'pets', 'breeds', { inputs: [{ data: { text: { raw: 'a collie' } } }] }, {
  headers: { Accept: 'application/json' },
});
const error = await api.v2.postUserAppModelOutputs('ada', 'pets', 'none', {}).then(
  () => null,
  (failed: HttpResponse<unknown, BaseResponse>) => failed.error.status?.code,
);

console.log(JSON.stringify({
  text: said(text.data),
  image: said(image.data),
  stream: list.data.slice(0, -1).map(said),
  error,
}));
