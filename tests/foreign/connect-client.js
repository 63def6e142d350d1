import { create, createFileRegistry } from '@bufbuild/protobuf';
import { FieldDescriptorProto_Label, FieldDescriptorProto_Type, FileDescriptorProtoSchema } from '@bufbuild/protobuf/wkt';
import { createClient } from '@connectrpc/connect';
import { compressionGzip, createGrpcTransport, createGrpcWebTransport } from '@connectrpc/connect-node';

const [address, name, protocol, httpVersion, key] = process.argv.slice(2);
const createTransport = protocol === 'web' ? createGrpcWebTransport : createGrpcTransport;

// Of the V2 API no more than a text each way: a request's is its model's ID, a response's is its status's description.
const field = (name, number, type, typeName) => ({ name, number, type, typeName, label: FieldDescriptorProto_Label.OPTIONAL });
const request = (name) => ({ name, field: [field('model_id', 2, FieldDescriptorProto_Type.STRING)] });
const response = (name) => ({ name, field: [field('status', 1, FieldDescriptorProto_Type.MESSAGE, '.clarifai.api.Status')] });
const prediction = { inputType: '.clarifai.api.PostModelOutputsRequest', outputType: '.clarifai.api.MultiOutputResponse' };
const file = create(FileDescriptorProtoSchema, {
  name: 'v2.proto',
  package: 'clarifai.api',
  syntax: 'proto3',
  messageType: [
    request('PostModelOutputsRequest'),
    request('GetModelRequest'),
    response('MultiOutputResponse'),
    response('SingleModelResponse'),
    { name: 'Status', field: [field('description', 2, FieldDescriptorProto_Type.STRING)] },
  ],
  service: [{
    name: 'V2',
    method: [
      { name: 'PostModelOutputs', ...prediction },
      { name: 'GenerateModelOutputs', serverStreaming: true, ...prediction },
      { name: 'GetModel', inputType: '.clarifai.api.GetModelRequest', outputType: '.clarifai.api.SingleModelResponse' },
    ],
  }],
});
const service = createFileRegistry(file, () => undefined).getService('clarifai.api.V2');
const headers = { authorization: `Key ${key}`, 'x-echo': 'one' };

function connect(options = {}) {
  return createClient(service, createTransport({ baseUrl: address, httpVersion, ...options }));
}

const cases = {
  async unary(options) {
    const seen = {};
    const { status } = await connect(options).postModelOutputs({ modelId: 'hello ü '.repeat(1000) }, {
      headers,
      onHeader: (received) => { seen.header = received.get('x-echo'); },
      onTrailer: (received) => { seen.trailer = received.get('x-echo'); },
    });
    return { ...seen, messages: [status.description.slice(0, 8)], length: status.description.length };
  },

  async gzip() {
    let packed = 0;
    const compress = (bytes) => {
      packed++;
      return compressionGzip.compress(bytes);
    };
    const counting = { ...compressionGzip, compress };
    return { ...await cases.unary({ sendCompression: counting, acceptCompression: [compressionGzip], compressMinBytes: 0 }), packed };
  },

  async serverStream() {
    const messages = [];
    for await (const { status } of connect().generateModelOutputs({ modelId: 'message' }, { headers })) messages.push(status.description);
    return { messages };
  },

  // The message of the error is that of its details; that beside them is told as well.
  fail: () => connect().getModel({ modelId: 'kaputt: 日本' }, { headers }).catch(({ code, rawMessage, metadata }) => ({
    code, details: rawMessage, message: decodeURIComponent(metadata.get('grpc-message')), trailer: metadata.get('x-echo'),
  })),
};

console.log(JSON.stringify(await cases[name]()));
process.exit(0);
