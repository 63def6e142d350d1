import * as http2 from 'node:http2';

// Gives every call its request's bytes back, and leaves each connection (GOAWAY) after CALLS calls in one of two ways:
// refusing: it leaves alone what comes after them, and a little later says so;
// twice: it says at once that it will leave, and which call was the last, as servers of grpc-js do.
// Trailers say which connection carried the call, and how many were left alone so far.
const WAY = process.argv[2];
const CALLS = Number(process.argv[3]);
const SAYS_SO_AFTER = 5; // milliseconds, in which messages of the calls that it leaves alone come in
const ANY_STREAM = 2 ** 31 - 1;

let connections = 0;
let leftAlone = 0;

function answer(stream, connection) {
  stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
  stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0', 'x-connection': connection, 'x-left-alone': leftAlone }));
  stream.pipe(stream);
}

function sayGoodbye(session, last) {
  session.goaway(http2.constants.NGHTTP2_NO_ERROR, last);
}

const ways = {
  refusing(session, stream, call, connection) {
    if (call <= CALLS) {
      session.lastAnswered = stream.id;
      answer(stream, connection);
      return;
    }

    leftAlone++;
    if (call === CALLS + 1) setTimeout(() => sayGoodbye(session, session.lastAnswered), SAYS_SO_AFTER);
  },

  twice(session, stream, call, connection) {
    answer(stream, connection);
    if (call !== CALLS) return;
    sayGoodbye(session, ANY_STREAM);
    session.close();
  },
};

const server = http2.createServer();
server.on('session', (session) => {
  const connection = ++connections;
  let calls = 0;
  session.on('error', () => {});
  session.on('stream', (stream) => {
    stream.on('error', () => {}); // of those that are refused
    ways[WAY](session, stream, ++calls, connection);
  });
});
server.listen(0, '127.0.0.1', () => console.log(`listening ${server.address().port}`));
