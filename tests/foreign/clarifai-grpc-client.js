import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';

const [address, name, key, roots] = process.argv.slice(2);
if (roots) process.env.GRPC_DEFAULT_SSL_ROOTS_FILE_PATH = roots; // read when the package is loaded

const { ClarifaiStub, grpc } = createRequire(import.meta.url)('clarifai-nodejs-grpc');

// As its documentation has it, with another address; that makes a TLS channel, and the class of it a cleartext one.
const secure = ClarifaiStub.grpc(address);
const stub = roots ? secure : new secure.constructor(address, grpc.credentials.createInsecure());

const packing = new secure.constructor(address, grpc.credentials.createInsecure(), {
  'grpc.default_compression_algorithm': grpc.compressionAlgorithms.gzip,
});

const metadata = new grpc.Metadata();
if (key) metadata.set('authorization', `Key ${key}`);

const userApp = { user_id: 'clarifai', app_id: 'main' };
const image = readFileSync(new URL('../../samples/boats.png', import.meta.url));
const ofImage = { user_app_id: userApp, model_id: 'image-classifier', inputs: [{ data: { image: { base64: image } } }] };
const ofText = (raw) => ({ user_app_id: userApp, model_id: 'text-generator', inputs: [{ data: { text: { raw } } }] });

function unary(method, request, client = stub) {
  return new Promise((resolve) => {
    client[method](request, metadata, (error, response) => resolve(error ? { grpc: error.code, details: error.details } : response));
  });
}

function stream(call) {
  const codes = [];
  let text = '';
  call.on('data', ({ status, outputs }) => {
    codes.push(status.code);
    text += outputs[0]?.data.text?.raw ?? '';
  });
  return new Promise((resolve) => {
    call.on('error', () => {}); // the status says it
    call.on('status', ({ code, details }) => resolve({ grpc: code, details, codes, text }));
  });
}

const cases = {
  predict: () => unary('PostModelOutputs', ofImage),
  gzip: () => unary('PostModelOutputs', ofImage, packing),
  list: () => unary('ListModels', { user_app_id: userApp, page: 1, per_page: 3 }),
  workflow: () => unary('PostWorkflowResults', { user_app_id: userApp, workflow_id: 'text-insight', inputs: [{ data: { text: { raw: 'What a lovely day.' } } }] }),
  unknownModel: () => unary('GetModel', { user_app_id: userApp, model_id: 'no-such-model' }),
  unimplemented: () => unary('ListInputs', { user_app_id: userApp }),
  generate: () => stream(stub.GenerateModelOutputs(ofText('The lighthouse'), metadata)),
  async stream() {
    const call = stub.StreamModelOutputs(metadata);
    const outcome = stream(call);
    call.write(ofText('The lighthouse'));
    call.end();
    return outcome;
  },

  // Opens a stream, says so, and stays in it.
  hold() {
    const call = stub.StreamModelOutputs(metadata);
    call.once('data', () => console.log('open'));
    call.write(ofText('The lighthouse'));
    return stream(call);
  },

  // As many streams at the same time, all on the one connection that this client makes; the last is as alive as the first.
  async many() {
    const calls = Array.from({ length: 150 }, () => stub.StreamModelOutputs(metadata));
    const outcomes = calls.map(stream);
    const begun = calls.map((call) => new Promise((resolve) => { call.once('data', resolve); }));
    for (const call of calls) call.write(ofText('The lighthouse'));
    await Promise.all(begun);
    for (const call of calls) call.end();
    return { codes: (await Promise.all(outcomes)).map(({ grpc }) => grpc) };
  },
};

console.log(JSON.stringify(await cases[name]()));
process.exit(0);
