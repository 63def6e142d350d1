import { Agent, request } from 'node:http';
import { createRequire } from 'node:module';
import { path } from './repository.js';

// What clients ask of a fleet, and what becomes of it. Nothing is asked again: what fails is counted.
const TICK_MS = 5;

// So many at a time, and no more are sent until some are answered: a machine that is too slow has a lower rate, and not a queue of its own.
const MAX_OPEN = 500;

const CUT = 'cut off';

/** POSTs JSON. The answer as soon as its head is there, in `response`; its whole text, `null` when it was cut, in `text`. */
function post(agent, address, key, path, body) {
  const json = JSON.stringify(body);
  const headers = { Authorization: `Key ${key}`, 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(json) };
  return new Promise((resolve, reject) => {
    const sent = request(new URL(path, address), { agent, method: 'POST', headers }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (piece) => {
        text += piece;
      });
      resolve({ response, text: new Promise((end) => response.on('close', () => end(response.complete ? text : null))) });
    });
    sent.on('error', reject);
    sent.end(json);
  });
}

/** What an answer says, without what is different in each. */
const failureOf = ({ statusCode }, body) => `${statusCode}: ${/"details":"[^"]*"|<title>.*<\/title>/.exec(body)?.[0] ?? body}`;

/** How many there were of each thing. */
export class Tally extends Map {
  add(thing) {
    this.set(thing, (this.get(thing) ?? 0) + 1);
  }
}

const TEXT = 'What a lovely, calm day.';
const SUCCESS = 10000;

/** Asks at a rate, whatever becomes of what was asked before. What a call of `ask` resolves to is what went wrong, if anything did. */
export class OpenLoad {
  #ask;
  #timer;
  #open = new Set();
  #began;

  sent = 0;
  failures = new Tally();

  constructor(ask) {
    this.#ask = ask;
  }

  begin(perSecond) {
    let due = 0;
    let last = performance.now();
    this.#began = last;
    this.#timer = setInterval(() => {
      const now = performance.now();
      due += ((now - last) * perSecond) / 1000;
      last = now;
      for (; due >= 1; due--) {
        if (this.#open.size < MAX_OPEN) this.#send();
      }
    }, TICK_MS);
  }

  /** Sends no more, and waits for what was sent. How many there were a second. */
  async end() {
    clearInterval(this.#timer);
    const seconds = (performance.now() - this.#began) / 1000;
    await Promise.all(this.#open);
    return Math.round(this.sent / seconds);
  }

  #send() {
    this.sent++;
    const one = this.#ask()
      .catch((error) => error.code ?? error.message)
      .then((failure) => failure && this.failures.add(failure))
      .finally(() => this.#open.delete(one));
    this.#open.add(one);
  }
}

/** Predictions by REST; `servedBy` counts whom nginx asked. */
export function restPredictions(address, key, servedBy) {
  const agent = new Agent({ keepAlive: true });
  const body = { inputs: [{ data: { text: { raw: TEXT } } }] };
  return async () => {
    const { response, text } = await post(agent, address, key, '/v2/models/text-sentiment/outputs', body);
    servedBy.add(response.headers['x-served-by']);
    const answer = await text;
    if (answer === null) return CUT;
    return response.statusCode === 200 && JSON.parse(answer).status.code === SUCCESS ? null : failureOf(response, answer);
  };
}

/** Predictions by Clarifai's own gRPC client, of the tests of other people's clients; `servedBy` counts whom nginx asked. */
export function grpcPredictions(address, key, servedBy) {
  const { ClarifaiStub, grpc } = createRequire(path('tests/foreign/package.json'))('clarifai-nodejs-grpc');
  const Stub = ClarifaiStub.grpc(address).constructor; // which makes a TLS channel; the class of it takes a cleartext one
  const stub = new Stub(address, grpc.credentials.createInsecure());
  const metadata = new grpc.Metadata();
  metadata.set('authorization', `Key ${key}`);
  const body = { user_app_id: {}, model_id: 'text-sentiment', inputs: [{ data: { text: { raw: TEXT } } }] };
  return () =>
    new Promise((resolve) => {
      const call = stub.PostModelOutputs(body, metadata, (error, answer) => {
        resolve(error?.message ?? (answer.status.code === SUCCESS ? null : JSON.stringify(answer.status)));
      });
      call.on('metadata', (head) => servedBy.add(head.get('x-served-by')[0]));
    });
}

const LAST_RECORD = /(?:^|\n)event: (done|error)\ndata: (.*)\n\n$/;

/** Texts that are streamed as Server-Sent Events, always as many at a time until they are to end. */
export class Streams {
  #agent = new Agent({ keepAlive: true });
  #address;
  #key;
  #open = new Set();
  #goesOn;

  ends = new Tally();
  failures = new Tally();

  constructor(address, key) {
    this.#address = address;
    this.#key = key;
  }

  /** Opens so many, and waits until each has its first piece. With `goesOn`, one that has ended is followed by another. */
  async begin(count, { goesOn }) {
    this.#goesOn = goesOn;
    await Promise.all(Array.from({ length: count }, () => this.#next()));
  }

  /** Waits until all have ended. */
  async end() {
    this.#goesOn = false;
    while (this.#open.size > 0) await Promise.all(this.#open);
    this.#agent.destroy();
  }

  #next() {
    return new Promise((begun) => {
      const one = this.#follow(begun).finally(() => {
        this.#open.delete(one);
        begun();
        if (this.#goesOn) this.#next();
      });
      this.#open.add(one);
    });
  }

  async #follow(begun) {
    try {
      const body = { inputs: [{ data: { text: { raw: 'The lighthouse' } } }] };
      const { response, text } = await post(this.#agent, this.#address, this.#key, '/v2/models/text-generator/outputs/generate', body);
      response.once('data', begun);
      const records = await text;
      const [, event, data] = LAST_RECORD.exec(records ?? '') ?? [];
      if (response.statusCode !== 200) this.failures.add(failureOf(response, records));
      else if (event === 'done') this.ends.add('done');
      else if (event === 'error' && data.includes('The gateway is shutting down; the stream was not finished.')) this.ends.add('error');
      else this.failures.add(records === null ? CUT : `ends with ${records.slice(-200)}`);
    } catch (error) {
      this.failures.add(error.code ?? error.message);
    }
  }
}
