import { useEffect, useState } from 'preact/hooks';
import { parseAddress, writeAddress, type Address } from '../gateway/address.ts';
import { list, pageSize, type Entry, type Owner } from '../gateway/catalog.ts';
import { isUnauthorized, type Client } from '../gateway/client.ts';
import { writeRoute } from '../route.ts';

interface Props {
  client: Client;
  owner: Owner;
  current: Address | undefined;
  onListed: (first: Entry) => void;
  onChoose: (address: Address) => void;
  onUnauthorized: () => void;
}

/** The models and workflows of an app, to search and to choose from; by id or address, any other. */
export function ModelList({ client, owner, current, onListed, onChoose, onUnauthorized }: Props) {
  const [entries, setEntries] = useState<Entry[] | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const [search, setSearch] = useState('');
  const [asked, setAsked] = useState('');

  useEffect(() => {
    const abort = new AbortController();
    setFailure(null);
    Promise.all((['models', 'workflows'] as const).map((kind) => list(client, kind, owner, asked, abort.signal)))
      .then((lists) => {
        const listed = lists.flat();
        setEntries(listed);
        if (listed[0] && !asked) onListed(listed[0]);
      })
      .catch((error: Error) => {
        if (abort.signal.aborted) return;
        setEntries([]);
        setFailure(error.message);
        if (isUnauthorized(error)) onUnauthorized();
      });
    return () => abort.abort();
  }, [client, owner, asked]);

  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const shown = (entries ?? []).filter(({ name, type, address }) => {
    const text = `${name} ${address.id} ${type}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });

  // By an address, whatever is listed; else what the first hundred have, and then what the app has.
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const address = parseAddress(search);
    if (!address) return;
    if (search.includes('/') || (entries && shown.length === 0 && entries.length < pageSize)) onChoose(address);
    else if (shown[0]) onChoose(shown[0].address);
    else setAsked(search.trim());
  };

  return (
    <nav class="models" aria-label="Models and workflows">
      <form role="search" onSubmit={submit}>
        <input
          type="search"
          aria-label="Search, or an id or address"
          placeholder="Search, id or address"
          value={search}
          onInput={(event) => {
            setSearch(event.currentTarget.value);
            if (event.currentTarget.value === '') setAsked('');
          }}
        />
      </form>
      {failure && <p class="error">{failure}</p>}
      {!entries && <p class="muted">Loading…</p>}
      {entries && shown.length === 0 && !failure && <p class="muted">Nothing of this name. Enter takes it as an id.</p>}
      <ul>
        {shown.map(({ address, name, type }) => (
          <li key={writeAddress(address)}>
            <a
              href={writeRoute({ page: 'play', address })}
              aria-current={current && writeAddress(current) === writeAddress(address) ? 'page' : undefined}
            >
              <span class="name">{name}</span>
              <span class="muted">{type}</span>
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}
