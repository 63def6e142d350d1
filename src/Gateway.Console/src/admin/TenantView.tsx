import { useState } from 'preact/hooks';
import { go } from '../route.ts';
import { Copy } from '../ui/Copy.tsx';
import { Failure } from '../ui/Failure.tsx';
import { day } from '../ui/text.ts';
import { Table } from '../ui/Table.tsx';
import type { Admin, IssuedKey, Settings, Tenant } from './api.ts';
import { patchOf } from './patch.ts';
import { useChange } from './useChange.ts';
import { useLoaded } from './useLoaded.ts';

interface Props {
  admin: Admin;
  name: string;
  onUnauthorized: () => void;
}

/** A tenant: its settings, keys and tokens. */
export function TenantView({ admin, name, onUnauthorized }: Props) {
  const { value: tenant, error, reload } = useLoaded((signal) => admin.tenant(name, signal), [admin, name], onUnauthorized);
  const [isSure, setSure] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  if (error) return <p class="error">{error}</p>;
  if (!tenant) return <p class="muted">Loading…</p>;

  const remove = () =>
    admin.removeTenant(name).then(
      () => go({ page: 'tenants' }),
      (reason: Error) => setFailure(reason.message),
    );

  return (
    <>
      <h1>{name}</h1>
      <p class="muted">
        Added {day(tenant.created)}, changed {day(tenant.updated)}
      </p>
      <TenantSettings key={tenant.version} admin={admin} tenant={tenant} onChange={reload} />
      <Keys admin={admin} tenant={name} onUnauthorized={onUnauthorized} />
      <Pats admin={admin} tenant={name} onUnauthorized={onUnauthorized} />
      <section class="card" aria-label="Removal">
        <h2>Remove</h2>
        <p>Its keys and tokens go with it. What it used stays in the reports.</p>
        {failure && <p class="error">{failure}</p>}
        <div class="row">
          <label class="check">
            <input type="checkbox" checked={isSure} onChange={(event) => setSure(event.currentTarget.checked)} /> I mean {name}
          </label>
          <button type="button" disabled={!isSure} onClick={remove}>
            Remove the tenant
          </button>
        </div>
      </section>
    </>
  );
}

function TenantSettings({ admin, tenant, onChange }: { admin: Admin; tenant: Tenant; onChange: () => void }) {
  const [text, setText] = useState(() => JSON.stringify(tenant.settings, null, 2));
  const [failure, setFailure] = useState<string | null>(null);

  const save = async (event: SubmitEvent) => {
    event.preventDefault();
    setFailure(null);
    try {
      await admin.changeTenant(tenant, patchOf(tenant.settings, JSON.parse(text) as Settings));
      onChange();
    } catch (reason) {
      setFailure(reason instanceof SyntaxError ? 'The settings have to be JSON.' : (reason as Error).message);
    }
  };

  return (
    <form class="card" onSubmit={save} aria-label="Settings">
      <h2>Settings</h2>
      <div class="field">
        <label for="tenant-settings">Limits, budgets and what it may do, as in the configuration</label>
        <textarea
          id="tenant-settings"
          class="code"
          rows={10}
          spellcheck={false}
          value={text}
          onInput={(event) => setText(event.currentTarget.value)}
        />
      </div>
      <Failure text={failure} />
      <div class="row">
        <button type="submit" class="primary">
          Save
        </button>
      </div>
    </form>
  );
}

function Keys({ admin, tenant, onUnauthorized }: { admin: Admin; tenant: string; onUnauthorized: () => void }) {
  const { value: keys, error, reload } = useLoaded((signal) => admin.keys(tenant, signal), [admin, tenant], onUnauthorized);
  const [name, setName] = useState('');
  const [made, setMade] = useState<IssuedKey | null>(null);
  const { failure, change } = useChange(reload);

  const create = (event: SubmitEvent) => {
    event.preventDefault();
    void change(() => admin.createKey(tenant, name.trim() === '' ? {} : { name: name.trim() }), setMade);
    setName('');
  };

  return (
    <section class="card" aria-label="Keys">
      <h2>Keys</h2>
      {made && (
        <div class="made" role="status">
          <p>The key {made.name}. It is shown this once; the gateway has its hash alone.</p>
          <code>{made.key}</code>
          <div class="row">
            <Copy text={made.key} what="the key" />
            <button type="button" class="quiet" onClick={() => setMade(null)}>
              I have it
            </button>
          </div>
        </div>
      )}
      <Failure text={failure ?? error} />
      {keys && keys.length > 0 && (
        <Table columns={['Name', 'Begins', 'Ends', 'Last used', 'Change']}>
          {keys.map((key) => (
            <tr key={key.id}>
              <td>{key.name}</td>
              <td>
                <code>{key.prefix}…</code>
              </td>
              <td>{key.revoked ? `revoked ${day(key.revoked)}` : key.expires ? day(key.expires) : 'never'}</td>
              <td>{key.lastUsed ?? 'never'}</td>
              <td>
                {!key.revoked && !key.replacedBy && (
                  <div class="row">
                    <button
                      type="button"
                      class="quiet"
                      onClick={() => change(() => admin.rotateKey(tenant, key, '1d'), setMade)}
                      aria-label={`Rotate ${key.name}`}
                    >
                      Rotate
                    </button>
                    <button
                      type="button"
                      class="quiet"
                      onClick={() => change(() => admin.revokeKey(tenant, key))}
                      aria-label={`Revoke ${key.name}`}
                    >
                      Revoke
                    </button>
                  </div>
                )}
              </td>
            </tr>
          ))}
        </Table>
      )}
      {keys?.length === 0 && <p class="muted">It has none yet.</p>}
      <form onSubmit={create} class="row" aria-label="A new key">
        <input
          aria-label="The new key’s name"
          placeholder="default"
          autocomplete="off"
          value={name}
          onInput={(event) => setName(event.currentTarget.value)}
        />
        <button type="submit" class="primary">
          Make a key
        </button>
      </form>
      <p class="about">Rotating makes another key in its place; the old one works on for a day. Revoking ends both.</p>
    </section>
  );
}

function Pats({ admin, tenant, onUnauthorized }: { admin: Admin; tenant: string; onUnauthorized: () => void }) {
  const { value: pats, error, reload } = useLoaded((signal) => admin.pats(tenant, signal), [admin, tenant], onUnauthorized);
  const [name, setName] = useState('default');
  const [token, setToken] = useState('');
  const { failure, change } = useChange(reload);
  const forget = () => setToken('');

  const set = (event: SubmitEvent) => {
    event.preventDefault();
    void change(() => admin.setPat(tenant, name.trim(), token.trim()), forget);
  };

  return (
    <section class="card" aria-label="Clarifai tokens">
      <h2>Clarifai tokens</h2>
      <Failure text={failure ?? error} />
      {pats && pats.length > 0 && (
        <Table columns={['Name', 'Fingerprint', 'Set', 'Change']}>
          {pats.map((pat) => (
            <tr key={pat.name}>
              <td>{pat.name}</td>
              <td>
                <code>{pat.fingerprint}</code>
              </td>
              <td>{day(pat.updated)}</td>
              <td>
                <button
                  type="button"
                  class="quiet"
                  onClick={() => change(() => admin.removePat(tenant, pat.name), forget)}
                  aria-label={`Remove ${pat.name}`}
                >
                  Remove
                </button>
              </td>
            </tr>
          ))}
        </Table>
      )}
      {pats?.length === 0 && <p class="muted">It has none yet.</p>}
      <form onSubmit={set} class="grid" aria-label="A token">
        <div class="field">
          <label for="pat-name">Name</label>
          <input id="pat-name" autocomplete="off" value={name} onInput={(event) => setName(event.currentTarget.value)} />
        </div>
        <div class="field">
          <label for="pat-token">Token</label>
          <input
            id="pat-token"
            type="password"
            autocomplete="off"
            value={token}
            onInput={(event) => setToken(event.currentTarget.value)}
          />
        </div>
        <div class="row">
          <button type="submit" class="primary">
            Set
          </button>
        </div>
      </form>
      <p class="about">A token is never shown again; a name that is there gets the new one.</p>
    </section>
  );
}
