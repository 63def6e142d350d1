import { launch } from './chromium.js';

const { page: address, reader, url, accept, keyless, leaves } = JSON.parse(process.argv[2]);

// In the page: what `fetch` gives, piece by piece. Without a key the request is one that browsers send to any host unasked, with no preflight.
async function readBody({ url, accept, keyless }) {
  const own = keyless ? {} : { Authorization: 'Key client-key', 'X-Request-ID': 'page' };
  try {
    const response = await fetch(url, { method: 'POST', headers: { Accept: accept, ...own }, body: '{}' });
    report({ status: response.status, type: response.headers.get('Content-Type'), requestId: response.headers.get('X-Request-ID') });
    const pieces = response.body.pipeThrough(new TextDecoderStream()).getReader();
    for (let piece = await pieces.read(); !piece.done; piece = await pieces.read()) report({ text: piece.value });
    report({ end: true });
  } catch (failure) {
    report({ failure: failure.name });
  }
}

// In the page: what `EventSource` gives. The connection's own failures are `error` events, too: without data.
function readEvents({ url }) {
  const source = new EventSource(url);
  const show = ({ type, lastEventId, data }) => {
    if (type !== 'message') source.close();
    report({ event: type, id: lastEventId, data });
  };
  for (const type of ['message', 'done', 'error']) source.addEventListener(type, show);
}

const browser = await launch();
const page = await browser.newPage();
const print = (value) => console.log(JSON.stringify(value));
await page.exposeFunction('report', async (value) => {
  print(value);
  if (leaves && (value.text || value.event)) await page.close();
});
await page.goto(address);
await page.evaluate(reader === 'fetch' ? readBody : readEvents, { url, accept, keyless }).catch((failure) => {
  if (!page.isClosed()) throw failure;
});
