import type { FunctionComponent } from 'preact';
import { useEffect, useMemo, useState } from 'preact/hooks';
import { Chat } from './chat/Chat.tsx';
import { Client } from './gateway/client.ts';
import type { Entry } from './gateway/catalog.ts';
import { KeyDialog } from './KeyDialog.tsx';
import { ModelList } from './play/ModelList.tsx';
import { Playground } from './play/Playground.tsx';
import { go, parseRoute, writeRoute, type Route } from './route.ts';
import { keep, keyFor, readKey, readOwner, type About } from './settings.ts';
import { Tools } from './tools/Tools.tsx';
import { Icon } from './ui/Icon.tsx';

const pages: { route: Route; name: string }[] = [
  { route: { page: 'play' }, name: 'Playground' },
  { route: { page: 'chat' }, name: 'Chat' },
  { route: { page: 'tools' }, name: 'Tools' },
];

const adminPages: { route: Route; name: string }[] = [
  { route: { page: 'tenants' }, name: 'Tenants' },
  { route: { page: 'usage' }, name: 'Usage' },
  { route: { page: 'live' }, name: 'Live' },
  { route: { page: 'audit' }, name: 'Audit log' },
];

const links = { 'Swagger UI': 'swagger', OpenAPI: 'openapi/v2.json', Health: 'healthz/ready' };
const adminLinks = { OpenAPI: 'admin/openapi.json' };

type AdminPages = FunctionComponent<{ client: Client; route: Route; onUnauthorized: () => void }>;

/** What operators see, which nobody else loads. */
function AdminPart({ client, route, onUnauthorized }: { client: Client; route: Route; onUnauthorized: () => void }) {
  const [Pages, setPages] = useState<AdminPages | null>(null);
  useEffect(() => {
    void import('./admin/AdminPages.tsx').then(({ AdminPages: loaded }) => setPages(() => loaded));
  }, []);
  return Pages && <Pages client={client} route={route} onUnauthorized={onUnauthorized} />;
}

function useRoute(): Route {
  const [route, setRoute] = useState(() => parseRoute(location.hash));
  useEffect(() => {
    const follow = () => setRoute(parseRoute(location.hash));
    addEventListener('hashchange', follow);
    return () => removeEventListener('hashchange', follow);
  }, []);
  return route;
}

/** The page. */
export function App({ about }: { about: About }) {
  const route = useRoute();
  const [key, setKey] = useState(readKey);
  const [owner, setOwner] = useState(readOwner);
  const [first, setFirst] = useState<Entry | null>(null);
  const [dialog, setDialog] = useState<'closed' | 'open' | 'asked'>(about.key === 'own' && !key ? 'open' : 'closed');
  const [isListOpen, setListOpen] = useState(false);
  const client = useMemo(() => new Client(keyFor(about, key)), [about, key]);
  const ask = () => setDialog('asked');
  const shown = about.admin ? adminPages : pages;
  const page = shown.some((one) => one.route.page === route.page) ? route.page : shown[0]!.route.page;

  useEffect(() => setListOpen(false), [route]);

  // Without a choice, the first of the list is there to try.
  const address = route.page === 'play' ? (route.address ?? first?.address) : undefined;
  return (
    <>
      <a class="skip" href="#main" onClick={(event) => (event.preventDefault(), document.getElementById('main')?.focus())}>
        To the content
      </a>
      <header class="top">
        <a class="brand" href="#/">
          Clarifai gateway
        </a>
        <nav aria-label="Pages">
          {shown.map(({ route: one, name }) => (
            <a key={one.page} href={writeRoute(one)} aria-current={one.page === page ? 'page' : undefined}>
              {name}
            </a>
          ))}
        </nav>
        <span class="where">{about.admin ? 'Administration' : about.sandbox ? 'Sandbox' : ''}</span>
        <button type="button" class="quiet" onClick={() => setDialog('open')}>
          <Icon name="key" /> <span class="wide">{key ? 'Key set' : about.key === 'own' ? 'Set the key' : 'Key'}</span>
          <span class="narrow">Key</span>
        </button>
      </header>
      {about.key === 'own' && !key ? (
        <main id="main" class="single" tabIndex={-1}>
          <p>A key is needed to see anything here.</p>
          <div class="row">
            <button type="button" class="primary" onClick={() => setDialog('open')}>
              Set the key
            </button>
          </div>
        </main>
      ) : about.admin ? (
        <main id="main" class="single" tabIndex={-1}>
          <AdminPart client={client} route={route} onUnauthorized={ask} />
        </main>
      ) : route.page === 'play' ? (
        <div class="layout">
          <div class={isListOpen ? 'side open' : 'side'}>
            <button
              type="button"
              class="toggle"
              aria-expanded={isListOpen}
              aria-controls="models"
              onClick={() => setListOpen(!isListOpen)}
            >
              <Icon name="menu" /> Models and workflows
            </button>
            <div id="models">
              <ModelList
                client={client}
                owner={owner}
                current={address}
                onListed={setFirst}
                onChoose={(chosen) => go({ page: 'play', address: chosen })}
                onUnauthorized={ask}
              />
            </div>
          </div>
          <main id="main" tabIndex={-1}>
            {address && <Playground client={client} address={address} method={route.method} onUnauthorized={ask} />}
          </main>
        </div>
      ) : (
        <main id="main" class="single" tabIndex={-1}>
          {route.page === 'chat' ? <Chat client={client} onUnauthorized={ask} /> : <Tools client={client} onUnauthorized={ask} />}
        </main>
      )}
      <footer>
        Version {about.version}
        {Object.entries(about.admin ? adminLinks : links).map(([name, to]) => (
          <>
            {' · '}
            <a href={to}>{name}</a>
          </>
        ))}
      </footer>
      {dialog !== 'closed' && (
        <KeyDialog
          about={about}
          value={key}
          owner={owner}
          isAsked={dialog === 'asked'}
          onClose={() => setDialog('closed')}
          onChange={(typed, chosen) => {
            keep(typed, chosen);
            setKey(typed);
            setOwner(chosen);
            setDialog('closed');
          }}
        />
      )}
    </>
  );
}
