import * as grpc from '@grpc/grpc-js';
import { service } from './raw-service.js';

const [address, name] = process.argv.slice(2);
const LIMIT = 128 * 1024 * 1024;
const BIG = 8 * 1024 * 1024;

function connect(options) {
  const Client = grpc.makeGenericClientConstructor(service, 'Foreign');
  return new Client(address, grpc.credentials.createInsecure(), {
    'grpc.max_receive_message_length': LIMIT,
    'grpc.max_send_message_length': LIMIT,
    ...options,
  });
}

function metadataOf(metadata) {
  const entries = {};
  for (const key of Object.keys(metadata?.getMap() ?? {})) {
    entries[key] = metadata.get(key).map((value) => (Buffer.isBuffer(value) ? value.toString('hex') : value));
  }
  return entries;
}

// Waits for the end of a call and says what came of it.
function outcome(call, messages) {
  return new Promise((resolve) => {
    let headers;
    call.on('metadata', (metadata) => { headers = metadata; });
    call.on('error', () => {}); // the status says it
    call.on('status', (status) => setImmediate(() => resolve({
      code: status.code,
      details: status.details,
      headers: metadataOf(headers),
      trailers: metadataOf(status.metadata),
      messages: messages.map((message) => message.toString()),
    })));
  });
}

function unary(client, method, request, metadata = new grpc.Metadata(), options = {}) {
  const messages = [];
  const call = client[method](request, metadata, options, (error, message) => { if (message) messages.push(message); });
  return outcome(call, messages);
}

function pattern(length) {
  const bytes = Buffer.alloc(length);
  for (let i = 0; i < length; i++) bytes[i] = (i * 31 + (i >> 8)) & 0xff;
  return bytes;
}

async function big(client) {
  const request = pattern(BIG);
  return new Promise((resolve, reject) => {
    client.unary(request, (error, message) => (error ? reject(error) : resolve({ code: 0, equal: message.equals(request) })));
  });
}

const cases = {
  unary: () => unary(connect(), 'unary', Buffer.from('hello ü')),

  metadata() {
    const metadata = new grpc.Metadata();
    metadata.add('x-echo', 'one');
    metadata.add('x-echo', 'two');
    metadata.add('x-echo-bin', Buffer.from([0, 1, 255]));
    metadata.add('x-echo-bin', Buffer.from([7]));
    return unary(connect(), 'unary', Buffer.from(''), metadata);
  },

  status: () => unary(connect(), 'fail', Buffer.from('kaputt: 日本 😀 100%\n')),

  unimplemented() {
    const client = connect();
    return new Promise((resolve) => {
      client.makeUnaryRequest('/test.Foreign/Nothing', (b) => b, (b) => b, Buffer.from(''), (error) => resolve({ code: error.code }));
    });
  },

  deadline: () => unary(connect(), 'hang', Buffer.from(''), new grpc.Metadata(), { deadline: Date.now() + 300 }),

  cancel() {
    const client = connect();
    const call = client.hang(Buffer.from(''), () => {});
    const ended = outcome(call, []);
    call.on('metadata', () => call.cancel()); // the server has begun
    return ended;
  },

  serverStream() {
    const messages = [];
    const call = connect().serverStream(Buffer.from('3'));
    call.on('data', (message) => messages.push(message));
    return outcome(call, messages);
  },

  clientStream() {
    const messages = [];
    const call = connect().clientStream((error, message) => { if (message) messages.push(message); });
    for (const part of ['a', 'b', 'c']) call.write(Buffer.from(part));
    call.end();
    return outcome(call, messages);
  },

  // Each message is sent when the answer to the one before has come.
  duplex() {
    const messages = [];
    const call = connect().duplex();
    call.on('data', (message) => {
      messages.push(message);
      if (messages.length < 3) call.write(Buffer.from(`ping ${messages.length}`));
      else call.end();
    });
    call.write(Buffer.from('ping 0'));
    return outcome(call, messages);
  },

  gzip: () => big(connect({ 'grpc.default_compression_algorithm': grpc.compressionAlgorithms.gzip })),

  big: () => big(connect()),
};

console.log(JSON.stringify(await cases[name]()));
process.exit(0);
