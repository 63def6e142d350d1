import XMLHttpRequest from 'xhr2';
import grpcWeb from 'grpc-web';

globalThis.XMLHttpRequest = XMLHttpRequest; // what a browser would have

const [address, name, format] = process.argv.slice(2);
const client = new grpcWeb.GrpcWebClientBase({ format, maxReceiveMessageSize: 0 });

function method(path, type) {
  return new grpcWeb.MethodDescriptor(path, type, Uint8Array, Uint8Array, (bytes) => bytes, (bytes) => Buffer.from(bytes).toString());
}

const unaryMethod = method('/test.Foreign/Unary', grpcWeb.MethodType.UNARY);
const streamMethod = method('/test.Foreign/ServerStream', grpcWeb.MethodType.SERVER_STREAMING);
const failMethod = method('/test.Foreign/Fail', grpcWeb.MethodType.UNARY);
const nothingMethod = method('/test.Foreign/Nothing', grpcWeb.MethodType.UNARY);

// Collects what a call says besides its messages.
function listen(call, result) {
  call.on('metadata', (metadata) => { result.headers = metadata; });
  call.on('status', ({ code, details, metadata }) => Object.assign(result, { code, details, trailers: metadata }));
}

function unary(descriptor, text, metadata = {}) {
  const result = { messages: [] };
  return new Promise((resolve) => {
    const call = client.rpcCall(address + descriptor.getName(), new Uint8Array(Buffer.from(text)), metadata, descriptor, (error, message) => {
      if (message !== null) result.messages.push(message);
      if (error) Object.assign(result, { code: error.code, details: error.message });
      setImmediate(() => resolve(result)); // the status may come after the message
    });
    listen(call, result);
  });
}

function serverStream(descriptor, text) {
  const result = { messages: [] };
  return new Promise((resolve) => {
    const call = client.serverStreaming(address + descriptor.getName(), new Uint8Array(Buffer.from(text)), {}, descriptor);
    listen(call, result);
    call.on('data', (message) => result.messages.push(message));
    call.on('error', (error) => resolve({ ...result, code: error.code, details: error.message }));
    call.on('end', () => resolve(result));
  });
}

const cases = {
  unary: () => unary(unaryMethod, 'hello ü', { 'x-echo': 'one' }),
  big: async () => {
    const text = 'abcdefg'.repeat(200_000);
    const { code, messages } = await unary(unaryMethod, text);
    return { code, equal: messages[0] === text };
  },
  fail: () => unary(failMethod, 'kaputt: 日本 😀 100%'),
  unimplemented: () => unary(nothingMethod, ''),
  serverStream: () => serverStream(streamMethod, '3'),
};

console.log(JSON.stringify(await cases[name]()));
process.exit(0);
