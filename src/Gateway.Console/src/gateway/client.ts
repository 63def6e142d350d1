import { EventSourceParserStream, type EventSourceMessage } from 'eventsource-parser/stream';
import { messageOf } from './message.ts';

/** The gateway's address: the folder that the page is in, behind whatever prefix a proxy has. */
export const gateway = new URL('.', document.baseURI);

/** What became of a request, for people to read. */
export interface Story {
  verb: string;
  path: string;
  status?: number;
  requestId?: string;
  /** Bytes of the bodies. */
  sent: number;
  received: number;
  /** Milliseconds since the request went out. */
  headersAfter?: number;
  firstAfter?: number;
  endedAfter?: number;
  /** The gateway's own milliseconds, where it tells them. */
  overhead?: number;
  /** Attempts upstream that followed another one; told where the overhead is. */
  retries?: number;
  tokens?: { prompt: number; completion: number };
  outcome: 'running' | 'done' | 'failed' | 'cancelled';
}

/** An answer that says no, in the words of whoever said it. */
export class GatewayError extends Error {
  constructor(
    message: string,
    readonly status: number,
    readonly body: unknown = null,
  ) {
    super(message);
  }
}

/** Whether something went wrong because of the key. */
export const isUnauthorized = (error: unknown) => error instanceof GatewayError && error.status === 401;

export interface Ask {
  verb?: string;
  body?: unknown;
  accept?: string;
  headers?: Record<string, string>;
  signal?: AbortSignal;
  /** Told of every change of the story. */
  onStory?: (story: Story) => void;
}

/** An answer that has begun. */
export class Exchange {
  readonly #response: Response;
  readonly #story: Story;
  readonly #began: number;
  readonly #end: (outcome: Story['outcome']) => void;

  constructor(response: Response, story: Story, began: number, end: (outcome: Story['outcome']) => void) {
    this.#response = response;
    this.#story = story;
    this.#began = began;
    this.#end = end;
  }

  /** The whole answer as JSON; null for none. */
  async json(): Promise<unknown> {
    const text = await this.text();
    return text === '' ? null : JSON.parse(text);
  }

  /** The whole answer as a text. */
  async text(): Promise<string> {
    const text = await new Response(this.#counted()).text().catch((failure: unknown) => {
      this.#end('failed');
      throw failure;
    });
    this.#end('done');
    return text;
  }

  /** The answer's events, each as it comes. */
  async *events(): AsyncGenerator<EventSourceMessage> {
    const events = this.#counted().pipeThrough(new TextDecoderStream()).pipeThrough(new EventSourceParserStream()).getReader();
    try {
      for (let next = await events.read(); !next.done; next = await events.read()) {
        this.#story.firstAfter ??= performance.now() - this.#began;
        yield next.value;
      }
      this.#end('done');
    } finally {
      // The reader may be at fault as well as the stream: both have ended it before its end.
      if (this.#story.outcome === 'running') this.#end('failed');
      await events.cancel().catch(() => {}); // of a stream that broke, there is nothing left to cancel
    }
  }

  /** What the end of a stream tells of tokens. */
  count(prompt: number, completion: number): void {
    this.#story.tokens = { prompt, completion };
  }

  #counted(): ReadableStream<Uint8Array<ArrayBuffer>> {
    const story = this.#story;
    const body = this.#response.body ?? new Blob().stream();
    return body.pipeThrough(
      new TransformStream({
        transform: (chunk: Uint8Array<ArrayBuffer>, output) => {
          story.received += chunk.byteLength;
          output.enqueue(chunk);
        },
      }),
    );
  }
}

/** Calls the gateway with one key, which is in the header and nowhere else. */
export class Client {
  constructor(readonly key: string) {}

  async open(
    path: string,
    { verb, body, accept = 'application/json', headers: own = {}, signal, onStory = () => {} }: Ask = {},
  ): Promise<Exchange> {
    const began = performance.now();
    const text = body === undefined ? null : JSON.stringify(body);
    const story: Story = {
      verb: verb ?? (text === null ? 'GET' : 'POST'),
      path: `/${path}`,
      sent: text === null ? 0 : new TextEncoder().encode(text).length,
      received: 0,
      outcome: 'running',
    };
    onStory({ ...story });
    const headers = new Headers({ Accept: accept, ...own });
    if (this.key) headers.set('Authorization', `Key ${this.key}`);
    if (text !== null) headers.set('Content-Type', 'application/json');

    const end = (outcome: Story['outcome']) => {
      story.outcome = signal?.aborted ? 'cancelled' : outcome;
      story.endedAfter = performance.now() - began;
      onStory({ ...story });
    };
    try {
      const response = await fetch(new URL(path, gateway), {
        method: story.verb,
        headers,
        body: text,
        signal: signal ?? null,
        cache: 'no-store',
        credentials: 'omit',
      });
      tellHead(story, response, performance.now() - began);
      const exchange = new Exchange(response, story, began, end);
      if (response.ok) {
        onStory({ ...story });
        return exchange;
      }
      const answer = await exchange.json().catch(() => null);
      throw new GatewayError(messageOf(answer) ?? `${response.status} ${response.statusText}`, response.status, answer);
    } catch (failure) {
      end('failed');
      throw failure instanceof TypeError ? new GatewayError('The gateway does not answer.', 0) : failure;
    }
  }

  /** The answer to a request as JSON. */
  async ask(path: string, ask: Ask = {}): Promise<unknown> {
    return (await this.open(path, ask)).json();
  }

  /** The answer to a request as a text. */
  async text(path: string, ask: Ask = {}): Promise<string> {
    return (await this.open(path, { accept: 'text/plain', ...ask })).text();
  }
}

function tellHead(story: Story, response: Response, after: number): void {
  story.status = response.status;
  story.headersAfter = after;
  const id = response.headers.get('X-Request-ID');
  if (id) story.requestId = id;
  const timing = /(?:^|,)\s*gateway;dur=([\d.]+)(?:, retries;desc=(\d+))?/.exec(response.headers.get('Server-Timing') ?? '');
  if (timing) {
    story.overhead = Number(timing[1]);
    story.retries = Number(timing[2] ?? 0);
  }
  const completion = response.headers.get('X-Completion-Tokens');
  if (completion) story.tokens = { prompt: Number(response.headers.get('X-Prompt-Tokens')), completion: Number(completion) };
}
