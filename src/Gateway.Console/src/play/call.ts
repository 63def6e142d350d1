import { pathOf, type Address } from '../gateway/address.ts';
import type { Method } from '../gateway/catalog.ts';
import { GatewayError, type Client, type Story } from '../gateway/client.ts';
import { messageOf } from '../gateway/message.ts';
import { parseSignature } from '../gateway/signature.ts';
import { viewsOf, viewsOfOutputs, type View } from '../results/views.ts';

/** What can be called: a method, or the API's plain inputs. */
export type Callable = { kind: 'method'; method: Method } | { kind: 'plain' };

/** How a call stands. */
export interface Progress {
  story: Story;
  views: View[];
  /** What came, as it came: the answer, or a list of a stream's results. */
  raw?: unknown;
  /** Of a stream: how many pieces came, and when the first and the last did, in milliseconds since the request. */
  pieces?: { count: number; first: number; last: number };
  error?: string;
  isRunning: boolean;
}

export const isStream = (callable: Callable) => callable.kind === 'method' && callable.method.kind !== 'UNARY_UNARY';

/** Where a call goes, below the gateway's address. */
export function targetOf(address: Address, callable: Callable): string {
  if (callable.kind === 'method') return `${pathOf(address)}/methods/${encodeURIComponent(callable.method.name)}`;
  return `${pathOf(address)}/${address.kind === 'workflows' ? 'results' : 'outputs'}`;
}

/** What is sent. */
export function bodyOf(callable: Callable, values: Record<string, unknown>): unknown {
  if (callable.kind === 'method') return values;
  const data = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, name === 'text' ? { raw: value } : value]));
  return { inputs: [{ data }] };
}

/** Makes a call, and tells how it stands whenever that changes. It ends with what it told last, whatever went wrong. */
export async function run(
  client: Client,
  address: Address,
  callable: Callable,
  values: Record<string, unknown>,
  signal: AbortSignal,
  onProgress: (progress: Progress) => void,
): Promise<void> {
  let progress = { views: [], isRunning: true } as unknown as Progress;
  const tell = (change: Partial<Progress>) => onProgress((progress = { ...progress, ...change }));
  const ask = { body: bodyOf(callable, values), signal, onStory: (story: Story) => tell({ story }) };
  try {
    const target = targetOf(address, callable);
    if (isStream(callable)) await follow(client, target, ask, resultType(callable), tell);
    else {
      const raw = await client.ask(target, ask);
      tell({ raw, views: callable.kind === 'plain' ? viewsOfOutputs(raw) : viewsOf(raw, resultType(callable)) });
    }
  } catch (failure) {
    if (failure instanceof GatewayError && failure.body !== null) tell({ raw: failure.body });
    if (!signal.aborted) tell({ error: (failure as Error).message });
  }
  tell({ isRunning: false });
}

interface Asked {
  body: unknown;
  signal: AbortSignal;
  onStory: (story: Story) => void;
}

async function follow(
  client: Client,
  target: string,
  ask: Asked,
  type: string,
  tell: (change: Partial<Progress>) => void,
): Promise<void> {
  const began = performance.now();
  const exchange = await client.open(target, { ...ask, accept: 'text/event-stream' });
  const raw: unknown[] = [];
  let first = 0;
  for await (const { event, data } of exchange.events()) {
    const record = JSON.parse(data) as { status?: unknown; usage?: { prompt_tokens: number; completion_tokens: number } };
    if (event === 'done' || event === 'error') {
      if (record.usage) exchange.count(record.usage.prompt_tokens, record.usage.completion_tokens);
      if (event === 'error') throw new GatewayError(messageOf(record) ?? 'The stream failed.', 200);
      continue;
    }
    raw.push(record);
    const last = performance.now() - began;
    first ||= last;
    tell({ raw, views: viewsOfPieces(raw, type), pieces: { count: raw.length, first, last } });
  }
}

// Pieces of a text are one text; of anything else, each is shown.
function viewsOfPieces(pieces: unknown[], type: string): View[] {
  return pieces.every((piece) => typeof piece === 'string')
    ? viewsOf(pieces.join(''), type)
    : pieces.flatMap((piece) => viewsOf(piece, type));
}

function resultType(callable: Callable): string {
  return callable.kind === 'method' ? parseSignature(callable.method.signature).result : '';
}
