import { EventSourceParserStream } from 'eventsource-parser/stream';

const [url, cut] = process.argv.slice(2);

const print = (value) => console.log(JSON.stringify(value));

// One byte at a time, so that every character of several bytes is cut.
const singleBytes = () => new TransformStream({
  transform(chunk, output) {
    for (const byte of chunk) output.enqueue(Uint8Array.of(byte));
  },
});

const response = await fetch(url, { method: 'POST', headers: { authorization: 'Key client-key' }, body: '{}' });
print({ status: response.status, type: response.headers.get('content-type') });

const events = response.body
  .pipeThrough(cut === 'bytes' ? singleBytes() : new TransformStream())
  .pipeThrough(new TextDecoderStream('utf-8', { fatal: true }))
  .pipeThrough(new EventSourceParserStream({ onError: 'terminate', onComment: (comment) => print({ comment }) }));
for await (const { id, event, data } of events) print({ id, event, data });
print({ end: true });
