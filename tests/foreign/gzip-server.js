import * as http2 from 'node:http2';
import * as zlib from 'node:zlib';

// Answers every call with its request's messages, each compressed with gzip, whichever way they came.

function messagesOf(body) {
  const messages = [];
  for (let at = 0; at < body.length;) {
    const length = body.readUInt32BE(at + 1);
    const bytes = body.subarray(at + 5, at + 5 + length);
    messages.push(body[at] === 1 ? zlib.gunzipSync(bytes) : bytes);
    at += 5 + length;
  }
  return messages;
}

function framed(message) {
  const packed = zlib.gzipSync(message);
  const prefix = Buffer.alloc(5);
  prefix[0] = 1;
  prefix.writeUInt32BE(packed.length, 1);
  return Buffer.concat([prefix, packed]);
}

const server = http2.createServer();
server.on('stream', (stream, headers) => {
  const chunks = [];
  stream.on('data', (chunk) => chunks.push(chunk));
  stream.on('end', () => {
    stream.respond({ ':status': 200, 'content-type': 'application/grpc', 'grpc-encoding': 'gzip' }, { waitForTrailers: true });
    stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0', 'x-request-encoding': headers['grpc-encoding'] ?? 'none' }));
    for (const message of messagesOf(Buffer.concat(chunks))) stream.write(framed(message));
    stream.end();
  });
});
server.listen(0, '127.0.0.1', () => console.log(`listening ${server.address().port}`));
