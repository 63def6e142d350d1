import { useState } from 'preact/hooks';
import type { Address } from '../gateway/address.ts';
import { gateway } from '../gateway/client.ts';
import { argumentsOf, type Entered, type Field } from '../fields/field.ts';
import { readable } from '../results/json.ts';
import { ViewList } from '../results/ViewList.tsx';
import { Code } from '../snippets/Code.tsx';
import { shortened, snippet, type Language } from '../snippets/snippets.ts';
import { Copy } from '../ui/Copy.tsx';
import { StoryView } from '../ui/StoryView.tsx';
import { Tabs } from '../ui/Tabs.tsx';
import { time } from '../ui/text.ts';
import { bodyOf, isStream, targetOf, type Callable, type Progress } from './call.ts';

interface Props {
  address: Address;
  callable: Callable;
  fields: Field[];
  entered: Record<string, Entered>;
  progress: Progress | null;
  picture: string | undefined;
}

const tabs = [
  { id: 'result', name: 'Result' },
  { id: 'json', name: 'JSON' },
  { id: 'request', name: 'Request' },
  { id: 'code', name: 'Code' },
] as const;

/** What became of a call: the result, its JSON, the request's story, and the code that makes the same call. */
export function Outcome({ address, callable, fields, entered, progress, picture }: Props) {
  const [tab, setTab] = useState<(typeof tabs)[number]['id']>('result');
  return (
    <section class="card outcome" aria-label="What became of it">
      <Tabs label="outcome" tabs={[...tabs]} current={tab} onChange={setTab}>
        {tab === 'result' && <Result progress={progress} picture={picture} />}
        {tab === 'json' && <Raw value={progress?.raw} />}
        {tab === 'request' && (progress ? <StoryView story={progress.story} /> : <p class="muted">Nothing was asked yet.</p>)}
        {tab === 'code' && <Code of={(language) => codeFor(language, address, callable, fields, entered)} />}
      </Tabs>
    </section>
  );
}

function Result({ progress, picture }: { progress: Progress | null; picture: string | undefined }) {
  if (!progress) return <p class="muted">The answer will be here.</p>;
  const { views, error, isRunning, pieces, story } = progress;
  return (
    <>
      <p class="state" role="status">
        {isRunning ? 'Running…' : error ? 'Failed' : story.outcome === 'cancelled' ? 'Cancelled' : 'Done'}
        {!isRunning && story.endedAfter !== undefined && ` in ${time(story.endedAfter)}`}
        {pieces && ` · ${speed(pieces, story.tokens?.completion)}`}
      </p>
      {error && <p class="error">{error}</p>}
      <div class="result" aria-busy={isRunning}>
        <ViewList views={views} picture={picture} />
      </div>
    </>
  );
}

// The gateway counts tokens where the model does; until then, and else, a piece is taken for one.
function speed({ count, first, last }: NonNullable<Progress['pieces']>, tokens = count): string {
  const seconds = (last - first) / 1000;
  const rate = count > 1 && seconds > 0 ? `, ${((tokens - 1) / seconds).toFixed(1)} tokens/s` : '';
  return `${tokens} tokens${rate}, first after ${time(first)}`;
}

function Raw({ value }: { value: unknown }) {
  if (value === undefined) return <p class="muted">The answer will be here.</p>;
  return (
    <>
      <div class="row end">
        <Copy text={JSON.stringify(value, null, 2)} what="the JSON" />
      </div>
      <pre class="code" tabIndex={0} aria-label="JSON">
        {readable(value)}
      </pre>
    </>
  );
}

function codeFor(
  language: Language,
  address: Address,
  callable: Callable,
  fields: Field[],
  entered: Record<string, Entered>,
): string {
  const media = Object.values(entered).filter(Array.isArray).flat();
  const names = new Map(media.flatMap(({ base64, name }) => (base64 ? [[base64, name] as const] : [])));
  const body = shortened(bodyOf(callable, valuesFor(fields, entered)), names);
  return snippet(language, isStream(callable) ? 'stream' : 'unary', new URL(targetOf(address, callable), gateway).href, body);
}

// What is not entered yet, or wrong, is left out: there is code to see from the beginning.
function valuesFor(fields: Field[], entered: Record<string, Entered>): Record<string, unknown> {
  return Object.assign({}, ...fields.map((field) => valueOrNothing(field, entered)));
}

function valueOrNothing(field: Field, entered: Record<string, Entered>): Record<string, unknown> {
  try {
    return argumentsOf([field], entered);
  } catch {
    return {};
  }
}
