import XMLHttpRequest from 'xhr2';
import grpcWeb from 'grpc-web';
import { modelOf, predictionOf, textOf } from './v2-messages.js';

globalThis.XMLHttpRequest = XMLHttpRequest; // what a browser would have

const [address, name, format, key] = process.argv.slice(2);
const client = new grpcWeb.GrpcWebClientBase({ format, maxReceiveMessageSize: 0 });
const metadata = { authorization: `Key ${key}`, 'x-echo': 'one' };

function method(name, type = grpcWeb.MethodType.UNARY) {
  return new grpcWeb.MethodDescriptor(`/clarifai.api.V2/${name}`, type, Uint8Array, Uint8Array, (bytes) => new Uint8Array(bytes), textOf);
}

const unaryMethod = method('PostModelOutputs');
const streamMethod = method('GenerateModelOutputs', grpcWeb.MethodType.SERVER_STREAMING);
const failMethod = method('GetModel');
const nothingMethod = method('Nothing');

// Collects what a call says besides its messages.
function listen(call, result) {
  call.on('metadata', (headers) => { result.headers = headers; });
  call.on('status', ({ code, details, metadata: trailers }) => Object.assign(result, { code, details, trailers }));
}

function unary(descriptor, request) {
  const result = { messages: [] };
  return new Promise((resolve) => {
    const call = client.rpcCall(address + descriptor.getName(), request, metadata, descriptor, (error, message) => {
      if (message !== null) result.messages.push(message);
      if (error) Object.assign(result, { code: error.code, details: error.message });
      setImmediate(() => resolve(result)); // the status may come after the message
    });
    listen(call, result);
  });
}

function serverStream(descriptor, request) {
  const result = { messages: [] };
  return new Promise((resolve) => {
    const call = client.serverStreaming(address + descriptor.getName(), request, metadata, descriptor);
    listen(call, result);
    call.on('data', (message) => result.messages.push(message));
    call.on('error', (error) => resolve({ ...result, code: error.code, details: error.message }));
    call.on('end', () => resolve(result));
  });
}

const cases = {
  unary: () => unary(unaryMethod, predictionOf('hello ü')),
  big: async () => {
    const text = 'abcdefg'.repeat(600_000);
    const { code, messages } = await unary(unaryMethod, predictionOf(text));
    return { code, equal: messages[0] === text };
  },
  fail: () => unary(failMethod, modelOf('kaputt: 日本 😀 100%')),
  unimplemented: () => unary(nothingMethod, predictionOf('')),
  serverStream: () => serverStream(streamMethod, predictionOf('message')),
};

console.log(JSON.stringify(await cases[name]()));
process.exit(0);
