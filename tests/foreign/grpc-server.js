import * as grpc from '@grpc/grpc-js';
import { service } from './raw-service.js';

const LIMIT = 128 * 1024 * 1024;

// Gives back the metadata that came in under x-echo and x-echo-bin, as headers and as trailers.
function echoMetadata(call) {
  const echoed = new grpc.Metadata();
  for (const key of ['x-echo', 'x-echo-bin']) {
    for (const value of call.metadata.get(key)) echoed.add(key, value);
  }
  return echoed;
}

const handlers = {
  unary(call, callback) {
    call.sendMetadata(echoMetadata(call));
    callback(null, call.request, echoMetadata(call));
  },

  // The request is the status message.
  fail(call, callback) {
    const metadata = echoMetadata(call);
    metadata.add('grpc-status-details-bin', Buffer.from([1, 2, 3]));
    callback({ code: grpc.status.FAILED_PRECONDITION, details: call.request.toString(), metadata });
  },

  hang(call) {
    call.on('cancelled', () => console.log('cancelled'));
    console.log(call.getDeadline() === Infinity ? 'hanging' : 'hanging with a deadline');
  },

  // The request is the number of messages.
  serverStream(call) {
    const count = Number(call.request.toString());
    for (let i = 0; i < count; i++) call.write(Buffer.from(`message ${i}`));
    call.end(echoMetadata(call));
  },

  duplex(call) {
    call.on('data', (message) => call.write(message));
    call.on('end', () => call.end());
  },
};

const server = new grpc.Server({
  'grpc.max_receive_message_length': LIMIT,
  'grpc.max_send_message_length': LIMIT,
});
server.addService(service, handlers);
server.bindAsync('127.0.0.1:0', grpc.ServerCredentials.createInsecure(), (error, port) => {
  if (error) throw error;
  console.log(`listening ${port}`);
});
