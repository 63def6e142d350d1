import WebSocket from 'ws';

// Sends the first message when the socket opens and the next with each answer; an empty one ends the request.
const [address, messagesAsJson, protocols, authorization] = process.argv.slice(2);
const messages = JSON.parse(messagesAsJson);
const socket = new WebSocket(address, protocols ? protocols.split(' ') : [], {
  headers: authorization ? { authorization } : {},
  perMessageDeflate: true,
});
const outcome = { answers: [] };

// In fragments of a few bytes, which cut escapes and characters.
function send(text) {
  const bytes = Buffer.from(text);
  const size = 7;
  for (let at = 0; at === 0 || at < bytes.length; at += size) {
    socket.send(bytes.subarray(at, at + size), { binary: false, fin: at + size >= bytes.length });
  }
}

function sendNext() {
  if (messages.length > 0) send(messages.shift());
}

function finish(part) {
  console.log(JSON.stringify({ ...outcome, ...part }));
  process.exit();
}

socket.on('open', sendNext);
socket.on('message', (data, isBinary) => {
  outcome.answers.push(isBinary ? 'binary' : JSON.parse(data.toString()));
  sendNext();
});
socket.on('unexpected-response', (request, response) => finish({ http: response.statusCode }));
socket.on('close', (code, reason) => finish({ protocol: socket.protocol, extensions: socket.extensions, code, reason: reason.toString() }));
