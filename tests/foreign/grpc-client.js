import * as grpc from '@grpc/grpc-js';
import { service } from './raw-service.js';
import { modelOf, predictionOf, textOf } from './v2-messages.js';

const [address, name, key] = process.argv.slice(2);
const LIMIT = 128 * 1024 * 1024;

const Client = grpc.makeGenericClientConstructor(service, 'V2');
const client = new Client(address, grpc.credentials.createInsecure(), {
  'grpc.max_receive_message_length': LIMIT,
  'grpc.max_send_message_length': LIMIT,
});

const metadata = new grpc.Metadata();
metadata.set('authorization', `Key ${key}`);

function metadataOf(received) {
  const entries = {};
  for (const name of Object.keys(received?.getMap() ?? {})) {
    entries[name] = received.get(name).map((value) => (Buffer.isBuffer(value) ? value.toString('hex') : value));
  }
  return entries;
}

// Waits for the end of a call and says what came of it.
function outcome(call, messages) {
  return new Promise((resolve) => {
    let headers;
    call.on('metadata', (received) => { headers = received; });
    call.on('error', () => {}); // the status says it
    call.on('status', (status) => setImmediate(() => resolve({
      code: status.code,
      details: status.details,
      headers: metadataOf(headers),
      trailers: metadataOf(status.metadata),
      messages: messages.map(textOf),
    })));
  });
}

function unary(method, request, options = {}) {
  const messages = [];
  const call = client[method](request, metadata, options, (error, message) => { if (message) messages.push(message); });
  return outcome(call, messages);
}

// Each message leads to what is next, to be done with the call.
function stream(call, ...next) {
  const messages = [];
  call.on('data', (message) => {
    messages.push(message);
    next.shift()?.(call);
  });
  return outcome(call, messages);
}

function unknown(path) {
  const raw = (bytes) => bytes;
  return new Promise((resolve) => {
    client.makeUnaryRequest(path, raw, raw, predictionOf(''), metadata, (error) => resolve({ code: error.code }));
  });
}

const cases = {
  metadata() {
    metadata.add('x-echo', 'one');
    metadata.add('x-echo', 'two');
    metadata.add('x-echo-bin', Buffer.from([0, 1, 255]));
    return unary('unary', predictionOf('hello ü'));
  },

  async big() {
    const text = 'abcdefg'.repeat(1_200_000);
    const { code, messages } = await unary('unary', predictionOf(text));
    return { code, equal: messages[0] === text };
  },

  fail: () => unary('fail', modelOf('kaputt: 日本 😀 100%\n')),
  unknownMethod: () => unknown('/clarifai.api.V2/Nothing'),
  unknownService: () => unknown('/test.Foreign/Nothing'),
  deadline: () => unary('unary', predictionOf(''), { deadline: Date.now() + 2000 }),
  wait: () => unary('unary', predictionOf('')),
  serverStream: () => stream(client.serverStream(predictionOf('message'), metadata)),

  // Each message is sent when the answer to the one before has come.
  duplex() {
    const call = client.duplex(metadata);
    call.write(predictionOf('ping 0'));
    return stream(call, () => call.write(predictionOf('ping 1')), () => call.write(predictionOf('ping 2')), () => call.end());
  },

  cancelServerStream: () => stream(client.serverStream(predictionOf(''), metadata), (call) => call.cancel()),

  cancelDuplex() {
    const call = client.duplex(metadata);
    call.write(predictionOf(''));
    return stream(call, () => call.cancel());
  },
};

console.log(JSON.stringify(await cases[name]()));
process.exit(0);
