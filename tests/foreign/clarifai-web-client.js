import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import XMLHttpRequest from 'xhr2';

globalThis.XMLHttpRequest = XMLHttpRequest; // what a browser would have

const require = createRequire(import.meta.url);
const [address, name, key] = process.argv.slice(2);
const metadata = key ? { authorization: `Key ${key}` } : {};

// Each case loads its own package: the two share a global namespace of messages, and the later one would win.
function predict(bytes) {
  const { ClarifaiStub } = require('clarifai-web-grpc');
  const service = require('clarifai-web-grpc/proto/clarifai/api/service_pb.js');
  const resources = require('clarifai-web-grpc/proto/clarifai/api/resources_pb.js');
  const image = new resources.Image().setBase64(bytes);
  const input = new resources.Input().setData(new resources.Data().setImage(image));
  const userApp = new resources.UserAppIDSet().setUserId('clarifai').setAppId('main');
  const request = new service.PostModelOutputsRequest().setUserAppId(userApp).setModelId('image-classifier').setInputsList([input]);
  return new Promise((resolve) => {
    ClarifaiStub.grpc(address).postModelOutputs(request, metadata, (error, response) => resolve(error
      ? { grpc: error.code, details: error.message }
      : { code: response.getStatus().getCode(), concepts: response.getOutputsList()[0].getData().getConceptsList().map((concept) => concept.getId()) }));
  });
}

// Clarifai's package is older than this RPC: Google's client with the messages of Clarifai's other package.
function generate(raw) {
  const grpcWeb = require('grpc-web');
  const { PostModelOutputsRequest, MultiOutputResponse } = require('clarifai-nodejs-grpc/proto/clarifai/api/service_pb');
  const { Data, Input, Text, UserAppIDSet } = require('clarifai-nodejs-grpc/proto/clarifai/api/resources_pb');
  const method = new grpcWeb.MethodDescriptor(
    '/clarifai.api.V2/GenerateModelOutputs', grpcWeb.MethodType.SERVER_STREAMING, PostModelOutputsRequest, MultiOutputResponse,
    (request) => request.serializeBinary(), MultiOutputResponse.deserializeBinary);
  const input = new Input().setData(new Data().setText(new Text().setRaw(raw)));
  const userApp = new UserAppIDSet().setUserId('clarifai').setAppId('main');
  const request = new PostModelOutputsRequest().setUserAppId(userApp).setModelId('text-generator').setInputsList([input]);
  const call = new grpcWeb.GrpcWebClientBase({ format: 'text' }).serverStreaming(address + method.getName(), request, metadata, method);
  const result = { codes: [], text: '' };
  call.on('data', (response) => {
    result.codes.push(response.getStatus().getCode());
    result.text += response.getOutputsList()[0]?.getData().getText().getRaw() ?? '';
  });
  return new Promise((resolve) => {
    call.on('status', ({ code }) => { result.grpc = code; });
    call.on('error', ({ code, message }) => resolve({ ...result, grpc: code, details: message }));
    call.on('end', () => resolve(result));
  });
}

const cases = {
  predict: () => predict(readFileSync(new URL('../../samples/boats.png', import.meta.url)).toString('base64')),
  generate: () => generate('The lighthouse'),
};

console.log(JSON.stringify(await cases[name]()));
process.exit(0);
