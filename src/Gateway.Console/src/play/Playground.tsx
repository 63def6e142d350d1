import { useEffect, useMemo, useState } from 'preact/hooks';
import { writeAddress, type Address } from '../gateway/address.ts';
import { find, methodsOf, type Entry, type Method } from '../gateway/catalog.ts';
import { isUnauthorized, type Client } from '../gateway/client.ts';
import { go } from '../route.ts';
import { CallForm } from './CallForm.tsx';
import type { Callable } from './call.ts';

interface Props {
  client: Client;
  address: Address;
  method: string | undefined;
  onUnauthorized: () => void;
}

interface Loaded {
  entry: Entry;
  callables: Callable[];
}

// What other parts of the page call in its own way.
const isTransport = (method: Method) => method.name.endsWith('_transport');

/** A model or workflow: what it is, what can be called of it, and the call. */
export function Playground({ client, address, method, onUnauthorized }: Props) {
  const written = writeAddress(address);
  const [loaded, setLoaded] = useState<Loaded | null>(null);
  const [failure, setFailure] = useState<string | null>(null);

  useEffect(() => {
    const abort = new AbortController();
    setLoaded(null);
    setFailure(null);
    Promise.all([find(client, address, abort.signal), methodsOf(client, address, abort.signal)])
      .then(([entry, methods]) => {
        const named = [...methods.filter((one) => !isTransport(one)), ...methods.filter(isTransport)];
        setLoaded({
          entry,
          callables: [...named.map((one): Callable => ({ kind: 'method', method: one })), { kind: 'plain' }],
        });
      })
      .catch((error: Error) => {
        if (abort.signal.aborted) return;
        setFailure(error.message);
        if (isUnauthorized(error)) onUnauthorized();
      });
    return () => abort.abort();
  }, [client, written]);

  const current = useMemo(() => loaded?.callables.find((one) => nameOf(one) === method) ?? loaded?.callables[0], [loaded, method]);

  if (failure) return <p class="error">{failure}</p>;
  if (!loaded || !current) return <p class="muted">Loading…</p>;
  const { entry, callables } = loaded;
  const signature = current.kind === 'method' ? current.method.signature : plainSignature(address);
  return (
    <>
      <header class="model">
        <h1>{entry.name}</h1>
        <p class="muted">
          <code>{written}</code> {entry.type && <span class="tag">{entry.type}</span>}
        </p>
        {entry.description && <p>{entry.description}</p>}
      </header>
      {callables.length > 1 && (
        <div class="choices" role="group" aria-label="Methods">
          {callables.map((one) => (
            <button
              type="button"
              key={nameOf(one)}
              aria-pressed={one === current}
              onClick={() => go({ page: 'play', address, method: nameOf(one) })}
            >
              {nameOf(one)}
            </button>
          ))}
        </div>
      )}
      <p class="signature">
        <code>{signature}</code>
      </p>
      {current.kind === 'method' && current.method.description && <p>{current.method.description}</p>}
      <CallForm
        key={written + nameOf(current)}
        client={client}
        address={address}
        callable={current}
        modelType={entry.type}
        onUnauthorized={onUnauthorized}
      />
    </>
  );
}

const plainName = 'plain input';

const nameOf = (callable: Callable) => (callable.kind === 'method' ? callable.method.name : plainName);

const plainSignature = ({ kind }: Address) => `POST …/${kind === 'workflows' ? 'results' : 'outputs'} {"inputs": [{"data": …}]}`;
