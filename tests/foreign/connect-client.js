import { create, createFileRegistry } from '@bufbuild/protobuf';
import { FileDescriptorProtoSchema, file_google_protobuf_wrappers } from '@bufbuild/protobuf/wkt';
import { createClient } from '@connectrpc/connect';
import { compressionGzip, createGrpcTransport, createGrpcWebTransport } from '@connectrpc/connect-node';

const [address, name, protocol, httpVersion] = process.argv.slice(2);

// The service needs no .proto either: its messages are wrapped strings.
const text = { inputType: '.google.protobuf.StringValue', outputType: '.google.protobuf.StringValue' };
const file = create(FileDescriptorProtoSchema, {
  name: 'foreign.proto',
  package: 'test',
  syntax: 'proto3',
  dependency: ['google/protobuf/wrappers.proto'],
  service: [{
    name: 'Foreign',
    method: [
      { name: 'Unary', ...text },
      { name: 'Fail', ...text },
      { name: 'Repeat', serverStreaming: true, ...text },
    ],
  }],
});
const service = createFileRegistry(file, () => file_google_protobuf_wrappers).getService('test.Foreign');
const createTransport = protocol === 'web' ? createGrpcWebTransport : createGrpcTransport;

function connect(options = {}) {
  return createClient(service, createTransport({ baseUrl: address, httpVersion, ...options }));
}

const cases = {
  async unary(options) {
    const seen = {};
    const message = await connect(options).unary({ value: 'hello ü '.repeat(1000) }, {
      headers: { 'x-echo': 'one' },
      onHeader: (headers) => { seen.encoding = headers.get('grpc-encoding'); },
      onTrailer: (trailers) => { seen.trailer = trailers.get('x-echo'); },
    });
    return { ...seen, code: 0, messages: [message.value.slice(0, 8)] };
  },
  gzip: () => cases.unary({ sendCompression: compressionGzip, acceptCompression: [compressionGzip], compressMinBytes: 0 }),
  async repeat() {
    const messages = [];
    for await (const message of connect().repeat({ value: 'again' })) messages.push(message.value);
    return { code: 0, messages };
  },
  fail: () => connect().fail({ value: 'kaputt: 日本' }),
};

const outcome = await cases[name]().catch(({ code, rawMessage, metadata }) => ({ code, details: rawMessage, trailers: [...metadata?.keys() ?? []] }));
console.log(JSON.stringify(outcome));
process.exit(0);
