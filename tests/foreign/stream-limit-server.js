import * as http2 from 'node:http2';

// Takes STREAMS calls, no more than 100 at a time on one connection, and answers none before all are open; then it says on how many
// connections they came, and gives each its request's bytes back.
const STREAMS = Number(process.argv[2]);
const PER_CONNECTION = 100;

const held = [];
let connections = 0;

function answer(stream) {
  stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
  stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
  stream.pipe(stream);
}

const server = http2.createServer({ settings: { maxConcurrentStreams: PER_CONNECTION } });
server.on('session', () => connections++);
server.on('stream', (stream) => {
  held.push(stream);
  if (held.length < STREAMS) return;
  console.log(`${connections} connections`);
  for (const one of held) answer(one);
});
server.listen(0, '127.0.0.1', () => console.log(`listening ${server.address().port}`));
