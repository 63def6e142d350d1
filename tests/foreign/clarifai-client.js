import { readFileSync } from 'node:fs';
import Clarifai from 'clarifai';

const [address, name, ...options] = process.argv.slice(2);
const [userId, appId] = options;
const app = new Clarifai.App({ apiKey: 'sandbox', apiEndpoint: address, userId, appId });
const image = (file) => ({ base64: readFileSync(new URL(`../../samples/${file}`, import.meta.url)).toString('base64') });

const cases = {
  predict: () => app.models.predict('image-classifier', image('boats.png')),
  predictVersion: async () => {
    const { modelVersion } = await app.models.get('image-classifier');
    return app.models.predict({ id: 'image-classifier', version: modelVersion.id }, image('boats.png'));
  },
  predictTwo: () => app.models.predict('image-classifier', [image('boats.png'), image('lighthouse.jpg')]),
  minValue: () => app.models.predict('image-classifier', image('boats.png'), { minValue: 0.5 }),
  list: async () => (await app.models.list({ page: 1, perPage: 3 })).rawData,
  get: async () => (await app.models.get('image-classifier')).rawData,
  getVersions: () => app.models.getVersions('image-classifier'),
  search: async () => (await app.models.search('Image classifier')).rawData,
  workflow: () => app.workflow.predict('detect-crop-classify', image('boats.png')),
  unknownModel: () => app.models.get('no-such-model'),
  notBase64: () => app.models.predict('image-classifier', { base64: '!' }),
};

// The client reports a refusal by the response that it got.
const outcome = await cases[name]().catch(({ response = {}, message }) => ({ http: response.status, body: response.data, message }));
console.log(JSON.stringify(outcome));
